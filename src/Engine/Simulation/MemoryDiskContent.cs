namespace Cluster.Engine.Simulation;

/// <summary>One file's bytes on a <see cref="MemoryDisk"/>, with an undo and redo record of every change that no flush has made durable.</summary>
internal sealed class MemoryDiskContent
{
    private const int SectorBytes = 512;

    /// <summary>What most writes of zeros write, the log's ahead of its records.</summary>
    private static readonly byte[] Zeros = new byte[64 * 1024];

    private readonly List<UnsyncedChange> unsynced = [];

    /// <summary>Whether any of these changes is doomed.</summary>
    private bool doomed;

    // As far as something was written: what is preallocated and never touched takes no memory. Bytes past the length are always zero, so that lengthening needs no clearing.
    private byte[] bytes = [];

    public long Length { get; private set; }

    public int ReadAt(long offset, Span<byte> destination)
    {
        var count = (int)Math.Clamp(Length - offset, 0, destination.Length);
        var there = (int)Math.Clamp(bytes.Length - offset, 0, count);
        bytes.AsSpan((int)Math.Min(offset, bytes.Length), there).CopyTo(destination);
        destination[there..count].Clear();
        return count;
    }

    public void WriteAt(long offset, ReadOnlySpan<byte> source)
    {
        var oldLength = Length;
        var end = offset + source.Length;
        var isBlank = source.Length <= Zeros.Length && !source.ContainsAnyExcept((byte)0);
        unsynced.Add(new UnsyncedChange(offset, Between(offset, end).ToArray(), isBlank ? Zeros.AsMemory(0, source.Length) : source.ToArray(), oldLength, NewLength: null));
        if (isBlank)
        {
            Between(offset, end).Clear();
        }
        else
        {
            Reserve(end);
            source.CopyTo(bytes.AsSpan((int)offset));
        }

        Length = Math.Max(Length, end);
    }

    public void Truncate(long length)
    {
        if (length == Length)
        {
            return;
        }

        var cut = Between(length, Length);
        unsynced.Add(new UnsyncedChange(length, cut.ToArray(), default, Length, length));
        cut.Clear();
        Length = length;
    }

    /// <param name="witness">Told each write that is durable from here on.</param>
    public void Flush(IDiskWitness? witness = null, string name = "")
    {
        foreach (var change in unsynced)
        {
            if (witness is not null && change is { Doomed: false, Synced: false, NewLength: null })
            {
                witness.Kept(name, this, change.Offset, change.New.Span);
            }
        }

        if (!doomed)
        {
            unsynced.Clear();
            return;
        }

        foreach (var change in unsynced)
        {
            change.Synced = !change.Doomed;
        }
    }

    /// <summary>A flush failed: what it covered is out of every later flush's reach.</summary>
    public void FailFlush()
    {
        foreach (var change in unsynced)
        {
            change.Doomed = !change.Synced;
            doomed |= change.Doomed;
        }
    }

    public void FlipBit(long offset, int bit)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(offset, Length);
        Reserve(offset + 1);
        bytes[offset] ^= (byte)(1 << bit);
    }

    /// <summary>Goes back to what is durable, then lets each unsynced change happen, happen in part, or not.</summary>
    public void Crash(Random random)
    {
        for (var i = unsynced.Count - 1; i >= 0; i--)
        {
            var change = unsynced[i];
            Between(change.OldLength, Length).Clear();
            Length = change.OldLength;
            Between(change.Offset, change.Offset + change.New.Length).Clear();
            Reserve(change.Offset + change.Old.Length);
            change.Old.CopyTo(bytes.AsSpan((int)change.Offset));
        }

        foreach (var change in unsynced)
        {
            var fate = change.Synced ? 0 : random.Next(3);
            if (fate == 2)
            {
                continue;
            }

            if (change.NewLength is { } length)
            {
                Resize(length);
            }
            else
            {
                Redo(change, fate == 0 ? null : random);
            }
        }

        unsynced.Clear();
        doomed = false;
    }

    private void Redo(UnsyncedChange change, Random? tear)
    {
        for (var at = 0; at < change.New.Length;)
        {
            var count = Math.Min(SectorBytes - (int)((change.Offset + at) % SectorBytes), change.New.Length - at);
            if (tear is null || tear.Next(2) == 0)
            {
                Reserve(change.Offset + at + count);
                change.New.Span.Slice(at, count).CopyTo(bytes.AsSpan((int)change.Offset + at));
                Length = Math.Max(Length, change.Offset + at + count);
            }

            at += count;
        }
    }

    private void Resize(long length)
    {
        Between(length, Length).Clear();
        Length = length;
    }

    /// <summary>The written ones of the bytes from one offset up to another.</summary>
    private Span<byte> Between(long from, long to)
    {
        var start = (int)Math.Min(from, bytes.Length);
        return bytes.AsSpan(start, (int)Math.Max(0, Math.Min(to, bytes.Length) - start));
    }

    private void Reserve(long length)
    {
        if (length > bytes.Length)
        {
            Array.Resize(ref bytes, (int)Math.Max(length, Math.Min(bytes.Length * 2L, Array.MaxLength)));
        }
    }

    /// <summary>A write (<paramref name="NewLength"/> null) or a change of length.</summary>
    /// <param name="Old">What stood there, as far as anything was written before; zeros after it.</param>
    private sealed record UnsyncedChange(long Offset, byte[] Old, ReadOnlyMemory<byte> New, long OldLength, long? NewLength)
    {
        /// <summary>A failed flush covered it.</summary>
        public bool Doomed { get; set; }

        /// <summary>A successful flush covered it, while an older change is still doomed.</summary>
        public bool Synced { get; set; }
    }
}
