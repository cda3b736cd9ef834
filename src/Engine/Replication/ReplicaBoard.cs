using System.Collections.Concurrent;
using System.Collections.Immutable;
using Cluster.Engine.Consensus;
using Cluster.Shared.Ids;

namespace Cluster.Engine.Replication;

/// <summary>Where the replica host posts how each of its replicas stands, for views, metrics and placement. Read from any thread.</summary>
internal sealed class ReplicaBoard
{
    /// <summary>Fewer entries than that are no news: a follower has them in a moment.</summary>
    private const ulong FarBehind = 4096;

    private readonly ConcurrentDictionary<ShardId, ReplicaStatus> posted = [];
    private long ledChanges;

    /// <summary>Why this node cannot write its log just now, in words; null when it can.</summary>
    public string? StorageProblem { get; set; }

    /// <summary>Every replica's status, by group.</summary>
    public IEnumerable<ReplicaStatus> All => posted.Values.OrderBy(status => status.Group);

    /// <summary>One replica's status; null when this node holds none.</summary>
    public ReplicaStatus? Find(ShardId group) => posted.GetValueOrDefault(group);

    /// <summary>Rises whenever a group that is led here has changed its configuration, or whether one is pending.</summary>
    public long LedChanges => Volatile.Read(ref ledChanges);

    /// <summary>Posts what has changed since the last time.</summary>
    /// <param name="withHash">Whether the state's hash is wanted, too: it costs as much as writing down what has changed of the state.</param>
    public void Publish(Replica replica, bool withHash = false)
    {
        var core = replica.Core;
        if (core.Configuration.IsEmpty)
        {
            posted.TryRemove(replica.Group, out _); // The group has not spoken to it yet, or not again: it knows nothing that would be of use.
            return;
        }

        var behind = Behind(replica);
        if (posted.TryGetValue(replica.Group, out var old)
            && old.Applied == replica.Applied && old.Commit == core.CommitIndex && old.Term == core.CurrentTerm
            && old.Role == core.Role && old.Leader == (core.Leader ?? NodeId.None) && old.Serves == replica.Serves
            && old.Configuration == core.Configuration && old.ChangePending == core.IsConfigurationPending
            && old.Missing == replica.Missing && !(withHash && old.StateHash is null) && old.Behind.AsSpan().SequenceEqual(behind.AsSpan()))
        {
            return;
        }

        if (replica.Serves && (old is not { Serves: true } || old.Configuration != core.Configuration || old.ChangePending != core.IsConfigurationPending))
        {
            Interlocked.Increment(ref ledChanges);
        }

        posted[replica.Group] = new ReplicaStatus(
            replica.Group,
            core.Role,
            core.CurrentTerm,
            core.Leader ?? NodeId.None,
            replica.Serves,
            core.CommitIndex,
            replica.Applied,
            core.Configuration,
            core.IsConfigurationPending,
            behind,
            replica.Missing,
            withHash ? replica.Machine.StateHash : old?.Applied == replica.Applied ? old.StateHash : null);
    }

    private static ImmutableArray<FollowerLag> Behind(Replica replica)
    {
        var core = replica.Core;
        if (!replica.Serves || !core.AnyBehind(FarBehind))
        {
            return [];
        }

        return
        [
            .. core.Progress()
                .Select(peer => new FollowerLag(peer.Node, core.LastIndex.Value - Math.Min(peer.Match.Value, core.LastIndex.Value), peer.State == ReplicationState.Snapshot))
                .Where(lag => lag.Entries > FarBehind || lag.AwaitsSnapshot),
        ];
    }
}
