using Cluster.Engine.Consensus;
using Cluster.Engine.Simulation.Safety;
using Cluster.Shared.Ids;

namespace Cluster.Simulation.Tests.Consensus;

/// <summary>A replica's process, disk and clock. The process dies and stops; the disk keeps what was written; the clock runs at its own rate.</summary>
internal sealed class SimulatedReplica(NodeId node, RaftConfiguration founding, double clockRate, TimeSpan clockStart)
{
    private HardState hardState;
    private bool everStarted;

    public NodeId Node { get; } = node;

    public RaftCore Core { get; private set; } = null!;

    /// <summary>What the judge remembers of it.</summary>
    public ReplicaTrail Trail { get; } = new($"{node}");

    public int Life { get; private set; }

    public bool IsUp { get; private set; }

    public bool IsPaused { get; set; }

    public bool DiskFails { get; set; }

    public bool Runs => IsUp && !IsPaused;

    /// <summary>What came while the process was stopped.</summary>
    public Queue<Action> Backlog { get; } = new();

    /// <summary>Batches on their way to the disk, in order.</summary>
    public Queue<RaftEffects> Unwritten { get; } = new();

    public bool DiskIsBusy { get; set; }

    /// <summary>The log as the core has given it out, written or not.</summary>
    public LogMirror Mirror => Trail.Mirror;

    private LogMirror Disk { get; } = new();

    /// <summary>The snapshot files on this disk by index, with the state in them.</summary>
    public SortedDictionary<ulong, (SnapshotMeta Meta, ulong State)> SnapshotFiles { get; } = [];

    public (SnapshotMeta Meta, ulong State)? SnapshotFile => SnapshotFiles.Count > 0 ? SnapshotFiles.Values.Last() : null;

    public ulong Applied { get; set; }

    public ulong State { get; set; }

    /// <summary>Proposals of this life: index to term.</summary>
    public Dictionary<ulong, ulong> Proposals { get; } = [];

    /// <summary>Reads of this life: id to what was acknowledged when it was asked.</summary>
    public Dictionary<ulong, ulong> Reads { get; } = [];

    public List<(ulong Index, ulong Floor)> ReadsToServe { get; } = [];

    public TimeSpan Local(TimeSpan now) => clockStart + (now * clockRate);

    public void Start(RaftOptions options, ulong seed)
    {
        Mirror.CopyFrom(Disk);
        (Applied, State) = SnapshotFile is { } file ? (file.Meta.Index.Value, file.State) : (0UL, 0UL);
        var recovery = new RaftRecovery
        {
            HardState = hardState,
            Snapshot = SnapshotFile?.Meta,
            Entries = [.. Disk.Entries],
            InitialConfiguration = founding,
            Fresh = !everStarted,
        };
        Core = new RaftCore(options, new ShardId(1), Node, recovery, seed);
        Trail.CommitSeen = Applied;
        (everStarted, IsUp, IsPaused, DiskFails, DiskIsBusy) = (true, true, false, false, false);
        Trail.Life = ++Life;
    }

    /// <summary>The process is gone. Of the batches under way, the first <paramref name="survivors"/> made it, and of the next some records:
    /// a torn tail.</summary>
    public void Crash(int survivors, int tornRecords)
    {
        IsUp = false;
        while (survivors-- > 0 && Unwritten.TryDequeue(out var whole))
        {
            Write(whole);
        }

        if (Unwritten.TryDequeue(out var torn))
        {
            Write(torn, tornRecords);
        }

        Unwritten.Clear();
        Backlog.Clear();
        Proposals.Clear();
        Reads.Clear();
        ReadsToServe.Clear();
    }

    public void Write(RaftEffects batch, int records = int.MaxValue)
    {
        if (batch.RestoreSnapshot is { } snapshot && records-- > 0)
        {
            Disk.Reset(snapshot.Index.Value, snapshot.Term.Value);
        }

        // An even number of records written puts the hard state last, an odd one first: a core must live with either.
        var hardStateFirst = records % 2 == 1;
        if (hardStateFirst && batch.HardState is not null && records-- > 0)
        {
            hardState = batch.HardState.Value;
        }

        foreach (var entry in batch.Entries)
        {
            if (records-- > 0)
            {
                Disk.Append(entry);
            }
        }

        if (!hardStateFirst && batch.HardState is not null && records-- > 0)
        {
            hardState = batch.HardState.Value;
        }
    }

    public void CompactDisk() => Disk.DropThrough(Math.Min(Core.FirstIndex.Value - 1, SnapshotFile?.Meta.Index.Value ?? 0));
}
