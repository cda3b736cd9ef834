namespace Cluster.Engine.Storage;

/// <summary>
/// Reads segments in order into a <see cref="WalReplay"/> and judges them. A full segment must verify up to the very byte at which the next one
/// says it ended. In the last one, a batch that does not verify is damage when an intact batch header follows it, for that was
/// written only after the bad one was durable; with nothing behind it, it is a write that a crash cut short.
/// </summary>
internal sealed class WalSegmentReader(IDisk disk, string folder, Guid node, WalReplay replay)
{
    private readonly uint nodeSeed = Checksum.Of(node.ToByteArray());
    private byte[] image = [];

    public List<(ulong Number, long LengthBytes)> Sealed { get; } = [];

    /// <summary>The segment read last.</summary>
    public ulong Number { get; private set; }

    public long LengthBytes { get; private set; }

    /// <summary>Where its last good batch ends.</summary>
    public long End { get; private set; }

    /// <summary>Where its last good batch begins.</summary>
    public long LastStart { get; private set; }

    /// <summary>The number of its last good batch.</summary>
    public ulong Sequence { get; private set; }

    public bool EndsWithCloseMark { get; private set; }

    public WalTornTail? TornTail { get; private set; }

    public void Read(ulong number, bool isLast)
    {
        var path = disk.PathOf(WalSegmentHeader.NameOf(folder, number));
        var length = Load(WalSegmentHeader.NameOf(folder, number), path);
        var bytes = image.AsSpan(0, length);
        var header = WalSegmentHeader.Read(bytes, path, node, number);
        if (header.LengthBytes != length)
        {
            throw new StorageCorruptException(path, Math.Min(length, header.LengthBytes), $"the file has {length} bytes, its header says {header.LengthBytes}");
        }

        if (Number != 0)
        {
            RequireContinues(header);
            Sealed.Add((Number, LengthBytes));
        }

        (Number, LengthBytes, Sequence) = (number, length, header.FirstSequence - 1);
        var good = ReadBatches(bytes, path);
        End = good;

        // The first batch was durable before the segment got its name: no crash can have torn it.
        if (good == WalSegmentHeader.Size)
        {
            throw new StorageCorruptException(path, good, "the segment's first batch does not verify");
        }

        if (isLast)
        {
            Judge(bytes, path, good);
        }
    }

    /// <summary>Damage at the end of a full segment shows only now: it ended earlier than its successor knows.</summary>
    private void RequireContinues(WalSegmentHeader next)
    {
        if (End != next.PreviousEnd || Sequence + 1 != next.FirstSequence)
        {
            throw new StorageCorruptException(
                disk.PathOf(WalSegmentHeader.NameOf(folder, Number)),
                End,
                $"the batch here does not verify; segment {next.Number} says that this one was good up to byte {next.PreviousEnd}");
        }
    }

    private int ReadBatches(ReadOnlySpan<byte> bytes, string path)
    {
        var offset = WalSegmentHeader.Size;
        while (TryReadBatch(bytes, offset, out var batch) && batch.Sequence == Sequence + 1)
        {
            var body = bytes.Slice(offset + WalBatch.HeaderSize, batch.BodyLength);
            replay.Apply(body, batch.Records, path, offset, Number);
            Sequence = batch.Sequence;
            EndsWithCloseMark = batch.Records == 0;
            LastStart = offset;
            offset += WalBatch.HeaderSize + batch.BodyLength;
        }

        return offset;
    }

    private bool TryReadBatch(ReadOnlySpan<byte> bytes, int offset, out WalBatch batch)
    {
        var seed = Checksum.Seed(nodeSeed, Number, (ulong)offset);
        return WalBatch.TryReadHeader(bytes[offset..], seed, out batch)
            && batch.BodyLength <= bytes.Length - offset - WalBatch.HeaderSize
            && batch.Matches(bytes.Slice(offset + WalBatch.HeaderSize, batch.BodyLength), seed);
    }

    private void Judge(ReadOnlySpan<byte> bytes, string path, int good)
    {
        var tail = bytes[good..].LastIndexOfAnyExcept((byte)0) + 1;
        for (var offset = good; offset < good + tail; offset += WalBatch.Alignment)
        {
            var isHeader = WalBatch.TryReadHeader(bytes[offset..], Checksum.Seed(nodeSeed, Number, (ulong)offset), out var later);
            if (isHeader && (offset > good || later.Sequence != Sequence + 1))
            {
                throw new StorageCorruptException(path, good, $"batch {Sequence + 1} does not verify, but batch {later.Sequence} at byte {offset} does, which was written after it was safe");
            }
        }

        if (tail > 0)
        {
            TornTail = new WalTornTail(path, good, tail);
        }
    }

    private int Load(string name, string path)
    {
        using var file = disk.Open(name, DiskMode.Read);
        if (file.Length > WalOptions.SegmentBytesMax)
        {
            throw new StorageCorruptException(path, WalOptions.SegmentBytesMax, $"the file has {file.Length} bytes, more than any segment");
        }

        var length = (int)file.Length;
        if (image.Length < length)
        {
            image = GC.AllocateUninitializedArray<byte>(length);
        }

        var read = file.ReadAt(0, image.AsSpan(0, length));
        return read == length ? length : throw new StorageCorruptException(path, read, $"only {read} of {length} bytes could be read");
    }
}
