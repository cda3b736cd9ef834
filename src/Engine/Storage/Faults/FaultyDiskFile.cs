namespace Cluster.Engine.Storage.Faults;

/// <summary>A handle of a <see cref="FaultyDisk"/>: each operation first suffers the faults that are set, and then happens, or not.</summary>
internal sealed class FaultyDiskFile(FaultyDisk disk, FaultSwitch faults, HeldFile held, IDiskFile inner) : IDiskFile
{
    private bool disposed;

    public string Name => inner.Name;

    public long Length => held.LengthOver(inner.Length);

    public int ReadAt(long offset, Span<byte> destination) => held.ReadAt(inner, offset, destination);

    public void WriteAt(long offset, ReadOnlySpan<byte> source)
    {
        faults.BeforeWrite();
        RefuseIfFull(source.Length);
        if (faults.Current.FailWrites)
        {
            held.Write(inner, offset, source[..(source.Length / 2)]);
            throw new IOException($"{disk.PathOf(Name)}: write failed (injected)");
        }

        held.Write(inner, offset, source);
    }

    public void Flush()
    {
        faults.BeforeFlush();
        if (faults.Current.FailFlush)
        {
            held.Lose();
            throw new DiskFlushException(disk.PathOf(Name), "injected");
        }

        held.Flush(inner);
    }

    public void Truncate(long length)
    {
        if (length > Length)
        {
            RefuseIfFull(length - Length);
        }

        held.Truncate(inner, length);
    }

    public void Dispose()
    {
        if (!disposed)
        {
            disposed = true;
            held.Close(inner);
            disk.Closed(held);
        }
    }

    /// <summary>Also where the file has its space already: on a copy-on-write file system every write needs room.</summary>
    private void RefuseIfFull(long bytes)
    {
        if (faults.Current.Full)
        {
            throw new DiskFullException(disk.PathOf(Name), bytes);
        }
    }
}
