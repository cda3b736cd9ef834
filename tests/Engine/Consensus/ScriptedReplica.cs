using Cluster.Engine.Consensus;
using Cluster.Shared.Ids;
using Cluster.Shared.Wire;

namespace Cluster.Engine.Tests.Consensus;

/// <summary>One core with a disk and a state machine that do as a test says: by default each write is durable at once.</summary>
internal sealed class ScriptedReplica(ScriptedGroup group, NodeId id, RaftOptions options, RaftRecovery start)
{
    private readonly Queue<RaftEffects> unwritten = new();
    private RaftRecovery recovery = start;
    private ulong lives;

    public NodeId Id { get; } = id;

    public RaftCore Core { get; private set; } = NewCore(options, id, start, 0);

    public bool IsUp { get; private set; } = true;

    /// <summary>False: batches stay unwritten until <see cref="Flush"/>.</summary>
    public bool WritesAtOnce { get; set; } = true;

    public List<Entry> Disk { get; } = [.. start.Entries];

    public HardState HardState { get; private set; } = start.HardState;

    public SnapshotMeta? Snapshot { get; private set; } = start.Snapshot;

    public List<Entry> Applied { get; } = [];

    public List<ReadReady> ReadsReady { get; } = [];

    public List<ulong> ReadsFailed { get; } = [];

    public List<SnapshotRequest> SnapshotsAsked { get; } = [];

    public List<RaftEvent> Events { get; } = [];

    public LogIndex AppliedIndex => Applied.Count > 0 ? new LogIndex(Applied[^1].Index) : Snapshot?.Index ?? LogIndex.Zero;

    /// <summary>The terms of the entries that the core holds, in order: a log as the paper's figures draw it.</summary>
    public string Log => string.Join(' ', Enumerable.Range(0, (int)(Core.LastIndex.Value - Core.FirstIndex.Value + 1)).Select(i => Disk[i].Term));

    public bool Drain()
    {
        var any = false;
        while (IsUp && Core.TakeEffects() is { } effects)
        {
            any = true;
            Events.AddRange(effects.Events);
            group.Post(effects.SendNow);
            if (effects.RestoreSnapshot is { } restored)
            {
                Snapshot = restored;
                Applied.Clear();
            }

            Applied.AddRange(effects.Committed);
            ReadsReady.AddRange(effects.ReadsReady);
            ReadsFailed.AddRange(effects.ReadsFailed);
            SnapshotsAsked.AddRange(effects.SendSnapshotTo);
            unwritten.Enqueue(effects);
            if (WritesAtOnce)
            {
                Flush();
            }
        }

        return any;
    }

    public void Flush()
    {
        while (unwritten.TryDequeue(out var effects))
        {
            HardState = effects.HardState ?? HardState;
            if (effects.RestoreSnapshot is not null)
            {
                Disk.Clear();
            }

            if (effects.Entries.Count > 0)
            {
                Disk.RemoveAll(entry => entry.Index >= effects.Entries[0].Index);
                Disk.AddRange(effects.Entries);
            }

            group.Post(effects.SendAfterPersist);
            Core.Persisted(effects.Batch);
        }
    }

    public void Crash()
    {
        IsUp = false;
        unwritten.Clear();
    }

    public void Restart(bool fresh = false)
    {
        recovery = new RaftRecovery
        {
            HardState = HardState,
            Snapshot = Snapshot,
            Entries = [.. Disk],
            InitialConfiguration = recovery.InitialConfiguration,
            Fresh = fresh,
        };
        Applied.Clear();
        Core = NewCore(options, Id, recovery, ++lives);
        Core.Tick(group.Now);
        IsUp = true;
    }

    private static RaftCore NewCore(RaftOptions options, NodeId id, RaftRecovery recovery, ulong lives) =>
        new(options, new ShardId(1), id, recovery, id.Value + (1000 * lives));
}
