namespace Cluster.Engine.Storage.Faults;

/// <summary>
/// One file beneath all its handles, and the changes of it that are kept in memory: reads see them, a flush brings them to the disk in order, and the end of the
/// process loses them, as a power loss does. What is kept too long or grows too large is written as the system's write-back would, which promises nothing.
/// </summary>
internal sealed class HeldFile(string name, TimeProvider time, FaultSwitch faults) : IDisposable
{
    /// <summary>Kept longer than this, changes are written with the next one: systems write back within seconds, so what nobody flushes is lost in part only.</summary>
    public static readonly TimeSpan WriteBackAge = TimeSpan.FromSeconds(2);

    /// <summary>More than this is written back at once: what a snapshot under way may take of the node's memory.</summary>
    public const int HeldBytesMax = 8 * 1024 * 1024;

    /// <summary>What a disk writes whole or not at all.</summary>
    private const int SectorBytes = 512;

    private readonly Lock gate = new();
    private readonly List<HeldChange> held = [];
    private long heldBytes;
    private long heldSince;

    /// <summary>The handle beneath by which the held changes came, and by which they will reach the disk: open until then, though its user may have closed it.</summary>
    private IDiskFile? writer;
    private bool writerIsClosed;

    /// <summary>Guarded by the disk's own lock.</summary>
    public string Name { get; set; } = name;

    /// <summary>How many have it open; guarded by the disk's own lock.</summary>
    public int Handles { get; set; }

    public bool HoldsAny
    {
        get
        {
            lock (gate)
            {
                return held.Count > 0;
            }
        }
    }

    /// <param name="beneath">The length on the disk.</param>
    public long LengthOver(long beneath)
    {
        lock (gate)
        {
            return Length(beneath);
        }
    }

    public int ReadAt(IDiskFile file, long offset, Span<byte> destination)
    {
        lock (gate)
        {
            if (held.Count == 0)
            {
                return file.ReadAt(offset, destination);
            }

            ArgumentOutOfRangeException.ThrowIfNegative(offset);
            var part = destination[..(int)Math.Clamp(Length(file.Length) - offset, 0, destination.Length)];
            var beneath = file.ReadAt(offset, part);
            part[beneath..].Clear();
            foreach (var change in held)
            {
                change.ApplyTo(part, offset);
            }

            return part.Length;
        }
    }

    public void Write(IDiskFile file, long offset, ReadOnlySpan<byte> source)
    {
        lock (gate)
        {
            if (Holding(file))
            {
                ArgumentOutOfRangeException.ThrowIfNegative(offset);
                Hold(file, new HeldChange(offset, source.ToArray()));
                if (faults.Current.Torn && Tear(offset, source.Length) is > 0 and var torn)
                {
                    file.WriteAt(offset, source[..torn]);
                }
            }
            else
            {
                file.WriteAt(offset, source);
            }
        }
    }

    public void Truncate(IDiskFile file, long length)
    {
        lock (gate)
        {
            if (Holding(file))
            {
                ArgumentOutOfRangeException.ThrowIfNegative(length);
                Hold(file, new HeldChange(length, null));
            }
            else
            {
                file.Truncate(length);
            }
        }
    }

    public void Flush(IDiskFile file)
    {
        lock (gate)
        {
            WriteBack(file);
            file.Flush();
        }
    }

    /// <summary>A flush failed: what it should have brought to the disk is gone, as pages are that a kernel marks clean after a failed write.</summary>
    public void Lose()
    {
        lock (gate)
        {
            Forget();
        }
    }

    /// <summary>Brings what is held into the file, without a flush.</summary>
    public void WriteBack()
    {
        lock (gate)
        {
            if (writer is not null)
            {
                WriteBack(writer);
            }
        }
    }

    /// <summary>A handle is closed by its user.</summary>
    public void Close(IDiskFile file)
    {
        lock (gate)
        {
            if (file == writer)
            {
                writerIsClosed = true;
            }
            else
            {
                file.Dispose();
            }
        }
    }

    /// <summary>The file is gone, and nobody has it open.</summary>
    public void Dispose() => Lose();

    private long Length(long beneath)
    {
        foreach (var change in held)
        {
            beneath = change.LengthAfter(beneath);
        }

        return beneath;
    }

    /// <summary>Whether the next change is to be held. If not, or if the older ones are due, these go to the disk before it.</summary>
    private bool Holding(IDiskFile file)
    {
        var holds = faults.Current.LoseUnsynced;
        if (held.Count > 0 && (!holds || heldBytes > HeldBytesMax || time.GetElapsedTime(heldSince) > WriteBackAge))
        {
            WriteBack(file);
        }

        return holds;
    }

    private void Hold(IDiskFile file, HeldChange change)
    {
        if (held.Count == 0)
        {
            heldSince = time.GetTimestamp();
        }

        held.Add(change);
        heldBytes += change.Bytes?.Length ?? 0;
        if (file != writer)
        {
            LetWriterGo();
            writer = file;
        }
    }

    private void WriteBack(IDiskFile file)
    {
        foreach (var change in held)
        {
            change.ApplyTo(file);
        }

        Forget();
    }

    private void Forget()
    {
        held.Clear();
        heldBytes = 0;
        LetWriterGo();
    }

    private void LetWriterGo()
    {
        if (writerIsClosed)
        {
            writer!.Dispose();
        }

        (writer, writerIsClosed) = (null, false);
    }

    /// <summary>How much of a write to let through: up to the end of one of its sectors, but never all of it.</summary>
    private int Tear(long offset, int count)
    {
        var first = SectorBytes - (int)(offset % SectorBytes);
        return first >= count ? 0 : first + (SectorBytes * faults.Choose(((count - first - 1) / SectorBytes) + 1));
    }
}
