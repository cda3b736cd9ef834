namespace Cluster.Engine.Storage;

/// <summary>An open file of an <see cref="IDisk"/>: read and written at offsets, durable only after <see cref="Flush"/>. Used by one thread at a time.</summary>
public interface IDiskFile : IDisposable
{
    /// <summary>The name it was opened by.</summary>
    string Name { get; }

    /// <summary>Length in bytes.</summary>
    long Length { get; }

    /// <summary>Reads until <paramref name="destination"/> is full or the file ends. Returns the number of bytes read.</summary>
    int ReadAt(long offset, Span<byte> destination);

    /// <summary>Writes all of <paramref name="source"/>, growing the file where needed. When it throws, any part may have been written.</summary>
    void WriteAt(long offset, ReadOnlySpan<byte> source);

    /// <summary>Makes everything written so far durable (fdatasync).</summary>
    /// <exception cref="DiskFlushException">The disk did not confirm. What was written since the last flush may be gone, and flushing again proves nothing.</exception>
    void Flush();

    /// <summary>Cuts the file or lengthens it with zeros.</summary>
    void Truncate(long length);
}
