using Cluster.Shared.Ids;
using Cluster.Shared.Wire;

namespace Cluster.Engine.Sharding.Client;

/// <summary>Make the next attempt of this call, at this node.</summary>
internal sealed record SendAttempt(ShardCall Call, NodeId Target);

/// <summary>The call is over: its sequence number may be forgotten.</summary>
internal sealed record CloseCall(ShardCall Call);

/// <summary>Answers from the replicas of one node.</summary>
internal sealed record RepliesReceived(NodeAddress From, ShardReplyBatch Batch);

/// <summary>The link to a node is gone: what was sent there gets no answer.</summary>
internal sealed record LinkLost(NodeAddress Address);

/// <summary>The shard has another leader (or none) as far as this node knows.</summary>
internal sealed record LeaderMoved(ShardId Shard, NodeId Leader);

/// <summary>Time to look at deadlines.</summary>
internal sealed record DeadlineTick
{
    public static readonly DeadlineTick Instance = new();
}
