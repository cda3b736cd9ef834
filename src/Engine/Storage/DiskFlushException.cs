namespace Cluster.Engine.Storage;

/// <summary>
/// The disk did not confirm a flush. The kernel may have dropped the dirty pages and marked them clean, so that a second flush would succeed
/// without having written them (Rebello et al., "Can Applications Recover from fsync Failures?", ATC 2020): never flush the same file again.
/// </summary>
public sealed class DiskFlushException : IOException
{
    public DiskFlushException(string path, string reason, Exception? inner = null)
        : base($"{path}: flush to disk failed ({reason}); what was written last may be lost", inner) => Path = path;

    public string Path { get; }
}
