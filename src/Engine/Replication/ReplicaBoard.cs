using System.Collections.Concurrent;
using Cluster.Shared.Ids;

namespace Cluster.Engine.Replication;

/// <summary>Where the replica host posts how each of its replicas stands, for views, metrics and placement. Read from any thread.</summary>
internal sealed class ReplicaBoard
{
    private readonly ConcurrentDictionary<ShardId, ReplicaStatus> posted = [];

    /// <summary>Why this node cannot write its log just now, in words; null when it can.</summary>
    public string? StorageProblem { get; set; }

    /// <summary>Every replica's status, by group.</summary>
    public IEnumerable<ReplicaStatus> All => posted.Values.OrderBy(status => status.Group);

    /// <summary>One replica's status; null when this node holds none.</summary>
    public ReplicaStatus? Find(ShardId group) => posted.GetValueOrDefault(group);

    /// <summary>Posts what has changed since the last time.</summary>
    public void Publish(Replica replica)
    {
        var core = replica.Core;
        if (core.Configuration.IsEmpty)
        {
            posted.TryRemove(replica.Group, out _); // The group has not spoken to it yet, or not again: it knows nothing that would be of use.
            return;
        }

        if (posted.TryGetValue(replica.Group, out var old)
            && old.Applied == replica.Applied && old.Commit == core.CommitIndex && old.Term == core.CurrentTerm
            && old.Role == core.Role && old.Leader == (core.Leader ?? NodeId.None) && old.Serves == replica.Serves
            && old.Configuration == core.Configuration)
        {
            return;
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
            replica.Machine.StateHash);
    }
}
