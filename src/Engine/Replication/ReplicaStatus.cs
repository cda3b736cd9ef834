using Cluster.Engine.Consensus;
using Cluster.Shared.Ids;

namespace Cluster.Engine.Replication;

/// <summary>How one replica on this node stands, as of its last tick. A copy: reading it takes no turn from the replica.</summary>
/// <param name="StateHash">Equal on replicas that have applied the same entries.</param>
public sealed record ReplicaStatus(
    ShardId Group,
    RaftRole Role,
    Term Term,
    NodeId Leader,
    bool Serves,
    LogIndex Commit,
    LogIndex Applied,
    RaftConfiguration Configuration,
    ulong StateHash);
