namespace Cluster.Engine.Storage;

/// <summary>The disk (or a quota, or a limit on a file's size) had no room for a write. Space may come back: the write may be tried again.</summary>
public sealed class DiskFullException : IOException
{
    public DiskFullException(string path, long bytesNeeded, Exception? inner = null)
        : base($"{path}: disk full, {bytesNeeded} bytes needed; free space on this disk (delete other files, enlarge the volume) and the node goes on by itself", inner)
    {
        Path = path;
        BytesNeeded = bytesNeeded;
    }

    public string Path { get; }

    /// <summary>How many bytes the refused write or preallocation wanted.</summary>
    public long BytesNeeded { get; }
}
