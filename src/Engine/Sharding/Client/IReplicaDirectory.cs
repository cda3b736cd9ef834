using Cluster.Shared.Ids;

namespace Cluster.Engine.Sharding.Client;

/// <summary>Which nodes hold a shard's replicas and which of them this node can reach: what routing asks of membership.</summary>
internal interface IReplicaDirectory
{
    /// <summary>A reachable node that holds a replica of the shard, this node first, another one for each attempt; none when there is none.</summary>
    NodeId AnyReplica(ShardId shard, int attempt);

    /// <summary>Whether this node holds a replica, and so learns of leaders by itself.</summary>
    bool HoldsReplica(ShardId shard);

    /// <summary>Whether a majority of the shard's replicas is out of this node's reach: then waiting for a leader helps nobody.</summary>
    bool IsCutOff(ShardId shard);

    /// <summary>In words for the caller: why the shard has no leader that this node knows.</summary>
    string WhyNoLeader(ShardId shard);
}
