namespace Cluster.Shared.Http;

/// <summary>What <c>GET /cluster</c> answers: the cluster as the asked node sees it.</summary>
/// <param name="Name">The cluster's name.</param>
/// <param name="ClusterId">Random id given when the cluster formed; empty before that.</param>
/// <param name="Self">The asked node's name.</param>
/// <param name="Epoch">Index of the last control-plane decision this node has applied.</param>
/// <param name="ControlLeader">Name of the node leading the control plane as this node believes; null when it knows none.</param>
/// <param name="Ready">Whether this node serves requests.</param>
/// <param name="NotReadyBecause">In words, why it does not; null when ready.</param>
public sealed record ClusterView(
    string Name,
    string ClusterId,
    string Self,
    ulong Epoch,
    string? ControlLeader,
    bool Ready,
    string? NotReadyBecause,
    IReadOnlyList<MemberView> Members,
    IReadOnlyList<ShardView> Shards)
{
    /// <summary>Actors of which the cluster has one, in order of their names.</summary>
    public IReadOnlyList<SingletonView> Singletons { get; init; } = [];
}

/// <summary>Where the control plane has placed a singleton, as the asked node knows.</summary>
/// <param name="Node">The member's name; null when it is nowhere.</param>
/// <param name="Epoch">Rises with each move.</param>
public sealed record SingletonView(string Name, string? Node, ulong Epoch);

/// <summary>One member as the asked node sees it.</summary>
/// <param name="Status">joining, up, leaving, exiting, down or removed.</param>
/// <param name="Reachable">What the asked node's own failure detector says (phi accrual).</param>
/// <param name="Phi">The detector's suspicion at this moment: 0 just heard, 8 and more suspect. Capped at 100.</param>
/// <param name="LeaderOf">How many shards it leads, as far as the asked node knows.</param>
/// <param name="ReplicaOf">How many shards it holds a replica of.</param>
public sealed record MemberView(
    string Name,
    uint Node,
    string Address,
    ulong Incarnation,
    string Status,
    bool Reachable,
    double Phi,
    int LeaderOf,
    int ReplicaOf,
    string? Http = null,
    string? Resp = null);

/// <summary>One shard as the asked node sees it.</summary>
/// <param name="Shard">Its number, from 1; 0 is the control plane.</param>
/// <param name="FirstSlot">First hash slot of its range; -1 for the control plane.</param>
/// <param name="LastSlot">Last hash slot of its range, inclusive.</param>
/// <param name="Leader">Name of the leader as this node believes; null when it knows none.</param>
/// <param name="Term">Raft term of that belief; 0 where this node holds no replica.</param>
/// <param name="Commit">Commit index on this node; 0 where it holds no replica.</param>
/// <param name="Applied">Applied index on this node.</param>
public sealed record ShardView(
    uint Shard,
    int FirstSlot,
    int LastSlot,
    string? Leader,
    ulong Term,
    ulong Commit,
    ulong Applied,
    IReadOnlyList<string> Voters,
    IReadOnlyList<string> Learners);
