namespace Cluster.Engine.Storage.Faults;

/// <summary>One change of a file that is kept in memory: bytes written at an offset, or, without bytes, a new length.</summary>
internal readonly record struct HeldChange(long At, byte[]? Bytes)
{
    public long LengthAfter(long before) => Bytes is null ? At : Math.Max(before, At + Bytes.Length);

    /// <summary>What the change makes of the part of the file that starts at <paramref name="offset"/>.</summary>
    public void ApplyTo(Span<byte> part, long offset)
    {
        var from = Math.Clamp(At - offset, 0, part.Length);
        if (Bytes is null)
        {
            part[(int)from..].Clear();
            return;
        }

        var until = Math.Clamp(At + Bytes.Length - offset, 0, part.Length);
        if (until > from)
        {
            Bytes.AsSpan((int)(offset + from - At), (int)(until - from)).CopyTo(part[(int)from..]);
        }
    }

    public void ApplyTo(IDiskFile file)
    {
        if (Bytes is null)
        {
            file.Truncate(At);
        }
        else
        {
            file.WriteAt(At, Bytes);
        }
    }
}
