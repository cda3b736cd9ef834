using Cluster.Engine.Consensus;
using Cluster.Engine.Replication;
using Cluster.Engine.Sharding;
using Cluster.Engine.Storage;
using Cluster.Shared.Ids;

namespace Cluster.Engine.Hosting;

/// <summary>Brings the replicas back that a node's disk holds: each machine from its newest intact snapshot, each core from the log that follows it.</summary>
internal static class Recovery
{
    /// <exception cref="StorageCorruptException">The log builds on a snapshot that is not there or not intact.</exception>
    public static IReadOnlyList<RecoveredReplica> Replicas(WalOpening opening, SnapshotStore snapshots, Func<ShardId, ShardMachine> newMachine, Action<string> say) =>
        [.. opening.Groups.Select(group => Replica(group, snapshots, newMachine(group.Group), say))];

    private static RecoveredReplica Replica(RecoveredGroup group, SnapshotStore snapshots, ShardMachine machine, Action<string> say)
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
            machine.Restore(reader);
            meta = new SnapshotMeta(new LogIndex(reader.Info.Index), new Term(reader.Info.Term), RaftConfiguration.FromWire(reader.Info.Configuration));
        }

        return new RecoveredReplica(group.Group, Raft(group, meta), machine);
    }

    private static RaftRecovery Raft(RecoveredGroup group, SnapshotMeta? meta)
    {
        var initial = group.InitialConfiguration.Voters.Count == 0 ? RaftConfiguration.Empty : RaftConfiguration.FromWire(group.InitialConfiguration);
        var after = meta?.Index.Value ?? 0;
        var isOfThisLog = group.Entries.Any(entry => entry.Index == after && entry.Term == meta?.Term.Value) || after <= group.SnapshotIndex;

        // A snapshot that came from a leader just before the crash may stand for entries that this log never had: then nothing of the log follows it.
        return new RaftRecovery
        {
            HardState = new HardState(new Term(group.Term), new NodeId(group.Vote), new LogIndex(Math.Max(group.Commit, after))),
            Snapshot = meta,
            Entries = isOfThisLog ? [.. group.Entries.Where(entry => entry.Index > after)] : [],
            InitialConfiguration = initial,
        };
    }
}
