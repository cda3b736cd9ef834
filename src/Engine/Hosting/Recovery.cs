using Cluster.Engine.Consensus;
using Cluster.Engine.Replication;
using Cluster.Engine.Sharding;
using Cluster.Engine.Storage;
using Cluster.Shared.Ids;
using Cluster.Shared.Wire;

namespace Cluster.Engine.Hosting;

/// <summary>Brings the replicas back that a node's disk holds: each machine from its newest intact snapshot, each core from the log that follows it.</summary>
internal static class Recovery
{
    /// <remarks>
    /// A snapshot newer than the log's mark is of a crash between the two. Its mark is made up for here, before anything else of the group is written: the log
    /// would else refuse what follows the snapshot as a gap.
    /// </remarks>
    /// <exception cref="StorageCorruptException">The log builds on a snapshot that is not there or not intact.</exception>
    /// <exception cref="IOException">The disk does not take the marks (<see cref="DiskFullException"/>).</exception>
    public static IReadOnlyList<RecoveredReplica> Replicas(WalOpening opening, SnapshotStore snapshots, Func<ShardId, ShardMachine> newMachine, Action<string> say)
    {
        snapshots.DeleteAllBut([.. opening.Groups.Select(group => group.Group)]);
        var replicas = new List<RecoveredReplica>();
        foreach (var group in opening.Groups)
        {
            replicas.Add(Replica(opening.Log, group, snapshots, newMachine(group.Group), say));
        }

        if (opening.Log.Flush() is { Status: not WalFlushStatus.Durable } refused)
        {
            throw refused.Status == WalFlushStatus.DiskFull ? new DiskFullException(refused.Path!, refused.BytesNeeded) : new IOException(refused.Message);
        }

        return replicas;
    }

    private static RecoveredReplica Replica(WriteAheadLog log, RecoveredGroup group, SnapshotStore snapshots, ShardMachine machine, Action<string> say)
    {
        var choice = snapshots.OpenNewest(group.Group, group.SnapshotIndex);
        foreach (var skipped in choice.Skipped)
        {
            say(skipped);
        }

        SnapshotMeta? meta = null;
        if (choice.Reader is { } opened)
        {
            using var reader = opened;
            Restore(machine, reader, group.Group);
            meta = new SnapshotMeta(new LogIndex(reader.Info.Index), new Term(reader.Info.Term), RaftConfiguration.FromWire(reader.Info.Configuration));
            log.AppendSnapshotMark(group.Group, reader.Info.Index, reader.Info.Term, reader.Info.Configuration); // Changes nothing unless it is newer.
        }

        return new RecoveredReplica(group.Group, Raft(group, meta), machine);
    }

    /// <summary>An intact snapshot that this program cannot read is refused, not damaged: it holds what the node was started without.</summary>
    private static void Restore(ShardMachine machine, Stream snapshot, ShardId group)
    {
        try
        {
            machine.Restore(snapshot);
        }
        catch (InvalidDataException misfit)
        {
            throw new StorageRefusedException($"the snapshot of shard {group}", misfit.Message);
        }
    }

    private static RaftRecovery Raft(RecoveredGroup group, SnapshotMeta? meta)
    {
        var initial = group.InitialConfiguration.Voters.Count == 0 ? RaftConfiguration.Empty : RaftConfiguration.FromWire(group.InitialConfiguration);
        var after = meta?.Index.Value ?? 0;
        return new RaftRecovery
        {
            HardState = new HardState(new Term(group.Term), new NodeId(group.Vote), new LogIndex(Math.Max(group.Commit, after))),
            Snapshot = meta,
            Entries = EntriesRound(group, after, meta?.Term.Value ?? 0),
            InitialConfiguration = initial,
        };
    }

    /// <summary>
    /// What of the log goes with the snapshot. If the log holds the snapshot's own last entry, all of it: what comes before serves followers that are a little behind. A
    /// snapshot that came from a leader just before the crash may stand for entries that this log never had: then nothing of the log follows it.
    /// </summary>
    private static IReadOnlyList<Entry> EntriesRound(RecoveredGroup group, ulong snapshot, ulong term)
    {
        Entry[] held = [.. group.Tail, .. group.Entries];
        return Array.Exists(held, entry => entry.Index == snapshot && entry.Term == term) ? held
            : snapshot <= group.SnapshotIndex ? [.. group.Entries.Where(entry => entry.Index > snapshot)]
            : [];
    }
}
