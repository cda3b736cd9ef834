namespace Cluster.Engine.Remoting;

/// <summary>Which subsystem a frame is for: one byte on the wire. A frame on a channel that is not listed here is a protocol error.</summary>
public enum Channel : byte
{
    /// <summary>Raft messages of all groups, batched (<c>ConsensusBatch</c>).</summary>
    Consensus = 1,

    /// <summary>Requests to shards.</summary>
    Shard = 2,

    /// <summary>Actor envelopes (<c>ActorEnvelope</c>).</summary>
    Actor = 3,

    /// <summary>Membership: heartbeats, joins, gossip.</summary>
    Control = 4,

    /// <summary>Pieces of snapshot files; meant for <see cref="Lane.Bulk"/>.</summary>
    SnapshotChunks = 5,

    /// <summary>What the receiver of a snapshot wants next.</summary>
    SnapshotReplies = 6,

    /// <summary>Replies to requests to shards.</summary>
    ShardReplies = 7,

    /// <summary>Publish-subscribe (<c>PubSubFrame</c>): messages on <see cref="Lane.Bulk"/>, gossip about who subscribes on the other.</summary>
    PubSub = 8,

    /// <summary>Messages to registered actors of another cluster (<c>FederationFrame</c>); the only channel that a node of another cluster is heard on.</summary>
    Federation = 9,
}
