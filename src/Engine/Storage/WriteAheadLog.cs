using Cluster.Shared.Ids;

namespace Cluster.Engine.Storage;

/// <summary>
/// The one log of a node, shared by all its Raft groups, so that one flush makes the records of all of them durable (group commit).
/// What a <see cref="Flush"/> reported as durable is there after any crash; a flush is there whole or not at all; damage is told from a crash and
/// refused. Used by one thread; it never hops to another. The format and its limits: README.md in this folder.
/// </summary>
public sealed partial class WriteAheadLog : IDisposable
{
    private readonly IDisk disk;
    private readonly WalOptions options;
    private readonly Guid node;
    private readonly uint nodeSeed;
    private readonly SortedDictionary<uint, WalGroup> groups;
    private readonly WalRecordBuffer pending;

    /// <summary>Groups whose pending entries have no segment yet.</summary>
    private readonly List<WalGroup> unplaced = [];

    /// <summary>The full segments, oldest first; nothing is written to them.</summary>
    private readonly Queue<SealedSegment> sealedSegments = [];

    private readonly byte[] zeros;

    /// <summary>The segment that is written to. Null only until the first one is made.</summary>
    private IDiskFile? file;
    private ulong segment;
    private long segmentLength;

    /// <summary>Where the last durable batch ends: the next one starts here, whatever an attempt that failed has left behind it.</summary>
    private long end;

    /// <summary>Up to here the file was overwritten with zeros or records.</summary>
    private long zeroedTo;

    /// <summary>The number of the last durable batch.</summary>
    private ulong sequence;

    /// <summary>Bytes after <see cref="end"/> that a failed attempt may have written and that must be erased before anything else.</summary>
    private int failedAttempt;

    /// <summary>The last batch is the mark of an orderly close, so that another one would tell nothing new.</summary>
    private bool endsWithCloseMark;

    private bool mayRelease;
    private string? closedBecause;
    private bool disposed;

    private WriteAheadLog(IDisk disk, WalOptions options, Guid node, SortedDictionary<uint, WalGroup> groups)
    {
        this.disk = disk;
        this.options = options;
        this.node = node;
        this.groups = groups;
        nodeSeed = Checksum.Of(node.ToByteArray());
        pending = new WalRecordBuffer(options.RetainedBufferBytes);
        zeros = new byte[options.ZeroAheadBytes];
    }

    private readonly record struct SealedSegment(ulong Number, long LengthBytes);

    /// <summary>Bytes of records that wait for a flush.</summary>
    public int PendingBytes => pending.PendingBytes;

    /// <summary>What all segments take on the disk.</summary>
    public long TotalBytes { get; private set; }

    public int Segments => sealedSegments.Count + 1;

    /// <summary>The log has outgrown <see cref="WalOptions.SoftBytesMax"/>: take snapshots of <see cref="GroupsPinningOldest"/>.</summary>
    public bool IsOverSoftBound => TotalBytes > options.SoftBytesMax;

    /// <summary>Batches made durable since opening: what group commit has saved is this against the appends.</summary>
    public long DurableBatches { get; private set; }

    /// <summary>Bytes made durable since opening, framing included.</summary>
    public long DurableBytes { get; private set; }

    /// <summary>
    /// The groups whose entries keep the oldest <paramref name="oldest"/> segments on the disk, in order of their ids. A snapshot and its mark of each
    /// of them lets the segments go at the next flush. Empty when there is but one segment.
    /// </summary>
    public IReadOnlyList<ShardId> GroupsPinningOldest(int oldest = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(oldest, 1);
        var pinning = new List<ShardId>();
        if (sealedSegments.TryPeek(out var first))
        {
            var bound = Math.Min(first.Number + (ulong)oldest, segment);
            foreach (var (id, group) in groups)
            {
                if (group.OldestPinned < bound)
                {
                    pinning.Add(new ShardId(id));
                }
            }
        }

        return pinning;
    }

    /// <summary>
    /// Closes the file. Records not flushed are dropped. An orderly close adds an empty batch, which proves the one before it: from then on even
    /// damage to that one is told from a crash.
    /// </summary>
    public void Dispose()
    {
        if (disposed)
        {
            return;
        }

        disposed = true;
        WriteCloseMark();
        file?.Dispose();
    }

    private string PathOfSegment(ulong number) => disk.PathOf(WalSegmentHeader.NameOf(options.Folder, number));

    private uint SeedAt(ulong number, long offset) => Checksum.Seed(nodeSeed, number, (ulong)offset);
}
