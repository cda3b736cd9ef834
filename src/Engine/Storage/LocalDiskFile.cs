using Microsoft.Win32.SafeHandles;

namespace Cluster.Engine.Storage;

/// <summary>A file of a <see cref="LocalDisk"/>.</summary>
internal sealed class LocalDiskFile : IDiskFile
{
    private const int ZeroBlockBytes = 256 * 1024;

    private readonly SafeFileHandle handle;
    private readonly string path;

    private LocalDiskFile(string name, string path, SafeFileHandle handle)
    {
        Name = name;
        this.path = path;
        this.handle = handle;
    }

    public string Name { get; }

    public long Length => RandomAccess.GetLength(handle);

    public static LocalDiskFile Open(string name, string path, DiskMode mode)
    {
        var (fileMode, access) = mode switch
        {
            DiskMode.Read => (FileMode.Open, FileAccess.Read),
            DiskMode.ReadWrite => (FileMode.Open, FileAccess.ReadWrite),
            _ => (FileMode.Create, FileAccess.ReadWrite),
        };
        try
        {
            // Readers and the one writer of a file may overlap, and a file may be deleted while a transfer still reads it.
            return new LocalDiskFile(name, path, File.OpenHandle(path, fileMode, access, FileShare.ReadWrite | FileShare.Delete));
        }
        catch (IOException error) when (IsFull(error))
        {
            throw new DiskFullException(path, 0, error);
        }
        catch (UnauthorizedAccessException error)
        {
            throw new IOException(error.Message, error);
        }
    }

    public int ReadAt(long offset, Span<byte> destination)
    {
        var total = 0;
        while (total < destination.Length)
        {
            var read = RandomAccess.Read(handle, destination[total..], offset + total);
            if (read == 0)
            {
                break;
            }

            total += read;
        }

        return total;
    }

    public void WriteAt(long offset, ReadOnlySpan<byte> source)
    {
        try
        {
            RandomAccess.Write(handle, source, offset);
        }
        catch (IOException error) when (IsFull(error))
        {
            throw new DiskFullException(path, source.Length, error);
        }
    }

    public void Flush()
    {
        try
        {
            LinuxFiles.SyncData(handle);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new DiskFlushException(path, error.Message, error);
        }
    }

    public void Truncate(long length)
    {
        try
        {
            RandomAccess.SetLength(handle, length);
        }
        catch (IOException error) when (IsFull(error))
        {
            throw new DiskFullException(path, length, error);
        }
    }

    /// <summary>Gives an empty file its length and its space. Where the file system cannot reserve, zeros are written, which does as well but takes longer.</summary>
    public void Preallocate(long bytes)
    {
        switch (LinuxFiles.TryAllocate(handle, bytes))
        {
            case AllocationOutcome.Allocated:
                return;
            case AllocationOutcome.DiskFull:
                throw new DiskFullException(path, bytes);
            default:
                var zeros = new byte[ZeroBlockBytes];
                for (long written = 0; written < bytes; written += zeros.Length)
                {
                    WriteAt(written, zeros.AsSpan(0, (int)Math.Min(zeros.Length, bytes - written)));
                }

                return;
        }
    }

    public void Dispose() => handle.Dispose();

    /// <summary>ENOSPC, EDQUOT and EFBIG on Unix; ERROR_HANDLE_DISK_FULL and ERROR_DISK_FULL on Windows.</summary>
    private static bool IsFull(IOException error) =>
        error.HResult is 28 or 122 or 27 or unchecked((int)0x80070027) or unchecked((int)0x80070070);
}
