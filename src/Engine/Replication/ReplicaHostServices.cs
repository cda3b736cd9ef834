using Cluster.Engine.Consensus;
using Cluster.Engine.Events;
using Cluster.Engine.Port;
using Cluster.Engine.Remoting;
using Cluster.Engine.Sharding;
using Cluster.Engine.Sharding.Client;
using Cluster.Shared.Ids;

namespace Cluster.Engine.Replication;

/// <summary>What the replica host works with on its node.</summary>
internal sealed record ReplicaHostServices(
    LocalNode Local,
    ReplicationOptions Options,
    IReadOnlyList<RecoveredReplica> Recovered,
    Outboxes Outboxes,
    LeaderDirectory Leaders,
    ReplicaBoard Board,
    ReplicationMetrics Metrics,
    Func<ShardId, ShardMachine> NewMachine)
{
    /// <summary>This node's number.</summary>
    public NodeId Self => Local.Node;

    /// <summary>The log writer; made after the host, since it reports to it.</summary>
    public required Func<IActorRef> Wal { get; init; }

    /// <summary>The snapshot keeper; made after the host, since it reports to it.</summary>
    public required Func<IActorRef> Snapshots { get; init; }

    /// <summary>Where this node tells what happens.</summary>
    public required ClusterEvents Events { get; init; }

    /// <summary>How people call a node.</summary>
    public required Func<NodeId, string> NameOf { get; init; }

    /// <summary>What the control plane wishes of a group; null while it wishes nothing.</summary>
    public Func<ShardId, GroupWish?> Wishes { get; init; } = static _ => null;

    /// <summary>Whether this node's failure detector hears a node.</summary>
    public Func<NodeId, bool> IsReachable { get; init; } = static _ => true;

    /// <summary>Whether a node has said that it is about to end.</summary>
    public Func<NodeId, bool> IsRetiring { get; init; } = static _ => false;

    /// <summary>Called in the host's turn after entries of a replica were applied.</summary>
    public Action<Replica> Applied { get; init; } = static _ => { };

    /// <summary>Looks on.</summary>
    public IReplicaObserver Observer { get; init; } = NoReplicaObserver.Instance;

    /// <summary>Told, in words, what an operator would want in the log.</summary>
    public Action<string> Log { get; init; } = static _ => { };

    /// <summary>Told why this node must not go on.</summary>
    public Action<string> Fatal { get; init; } = static _ => { };

    /// <summary>Called in the host's turn for everything that a core reports.</summary>
    public Action<ShardId, RaftEvent> Tell { get; init; } = static (_, _) => { };
}

/// <summary>A replica as found on disk: Raft's part and the state machine as of its snapshot.</summary>
internal sealed record RecoveredReplica(ShardId Group, RaftRecovery Raft, ShardMachine Machine);
