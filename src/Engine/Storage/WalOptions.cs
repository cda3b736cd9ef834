namespace Cluster.Engine.Storage;

/// <summary>Bounds and sizes of the write-ahead log. The defaults suit a lab node; tests use small segments.</summary>
public sealed record WalOptions
{
    /// <summary>Smallest segment: the header, and room for a few batches.</summary>
    public const int SegmentBytesMin = 16 * 1024;

    public const string DefaultFolder = "wal";

    /// <summary>Largest segment: it is read into memory whole when the log is opened.</summary>
    public const int SegmentBytesMax = 1024 * 1024 * 1024;

    /// <summary>The folder of the segments.</summary>
    public string Folder { get; init; } = DefaultFolder;

    /// <summary>
    /// Size of a segment, preallocated when it is made. Large, so that making one (some milliseconds) is rare; not huge, as space comes back by whole
    /// segments. A batch that does not fit one gets a larger one of its own. Multiple of 4096.
    /// </summary>
    public int SegmentBytes { get; init; } = 64 * 1024 * 1024;

    /// <summary>
    /// How far ahead of the last record the file is overwritten with zeros. A flush that touches only blocks written before
    /// needs no journal entry of the file system: measured on ext4, 85 instead of 130 microseconds.
    /// </summary>
    public int ZeroAheadBytes { get; init; } = 1024 * 1024;

    /// <summary>With more than this appended and not flushed, a further append is a mistake of the owner, who must flush or hold back. Room for 30 of the largest values.</summary>
    public int PendingBytesMax { get; init; } = 256 * 1024 * 1024;

    /// <summary>A write buffer that one large batch has grown past this is given back after the flush.</summary>
    public int RetainedBufferBytes { get; init; } = 4 * 1024 * 1024;

    /// <summary>Above this the log asks for snapshots (<see cref="WriteAheadLog.IsOverSoftBound"/>). Bounds both the disk used and the time to start.</summary>
    public long SoftBytesMax { get; init; } = 512L * 1024 * 1024;

    /// <summary>No new segment is made above this unless it lets an old one go: flushes are refused as on a full disk.</summary>
    public long HardBytesMax { get; init; } = 4L * 1024 * 1024 * 1024;

    /// <summary>Bytes that must stay free when a segment is made, so that a full disk shows there and then, and never in the middle of a write; and snapshots, which free the log, still fit.</summary>
    public long ReserveBytes { get; init; } = 32 * 1024 * 1024;

    /// <summary>Most entries before a group's snapshot that opening the log gives back: as many as a running leader keeps for slow followers.</summary>
    public int TailEntries { get; init; } = 4096;

    /// <summary>Most bytes of such entries for each group, as for a running leader.</summary>
    public long TailBytes { get; init; } = 4 * 1024 * 1024;

    /// <summary>A planted flaw: batches count as durable when they are written. New segments are flushed all the same: without that a node could not start again.</summary>
    internal bool WithoutFlush { get; init; }

    /// <exception cref="ArgumentException">An option is out of its bounds; the message names it.</exception>
    internal WalOptions Validated()
    {
        DiskName.Require(Folder);
        Require(SegmentBytes is >= SegmentBytesMin and <= SegmentBytesMax && SegmentBytes % WalSegmentHeader.Size == 0,
            nameof(SegmentBytes), SegmentBytes, $"a multiple of {WalSegmentHeader.Size} from {SegmentBytesMin} to {SegmentBytesMax}");
        Require(ZeroAheadBytes is >= 0 and <= SegmentBytesMax, nameof(ZeroAheadBytes), ZeroAheadBytes, "0 or more, at most a segment");
        Require(PendingBytesMax is > 0 and <= SegmentBytesMax / 2, nameof(PendingBytesMax), PendingBytesMax, $"1 to {SegmentBytesMax / 2}");
        Require(RetainedBufferBytes >= WalBatch.HeaderSize, nameof(RetainedBufferBytes), RetainedBufferBytes, $"at least {WalBatch.HeaderSize}");
        Require(SoftBytesMax > 0, nameof(SoftBytesMax), SoftBytesMax, "more than 0");
        Require(HardBytesMax >= SoftBytesMax && HardBytesMax >= 2L * SegmentBytes, nameof(HardBytesMax), HardBytesMax, $"at least {nameof(SoftBytesMax)} and two segments");
        Require(TailEntries >= 0, nameof(TailEntries), TailEntries, "0 or more");
        Require(TailBytes >= 0, nameof(TailBytes), TailBytes, "0 or more");
        Require(ReserveBytes >= 0, nameof(ReserveBytes), ReserveBytes, "0 or more");
        return this;
    }

    private static void Require(bool holds, string option, long value, string rule)
    {
        if (!holds)
        {
            throw new ArgumentException($"write-ahead log option {option} is {value}: it must be {rule}", option);
        }
    }
}
