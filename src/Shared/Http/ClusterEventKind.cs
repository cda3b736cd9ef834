namespace Cluster.Shared.Http;

/// <summary>What a <see cref="ClusterEventView"/> tells. In JSON and as the name of a server-sent event: the word itself, such as <c>MoveEnded</c>.</summary>
public enum ClusterEventKind
{
    /// <summary>The control plane let a member in, gave it another status, or removed it.</summary>
    MemberChanged = 0,

    /// <summary>The telling node's failure detector lost a member, or hears it again.</summary>
    ReachabilityChanged = 1,

    /// <summary>The telling node learnt who leads a shard, or that nobody does.</summary>
    LeaderChanged = 2,

    /// <summary>The control plane placed a shard's replicas anew: the moves that bring them there follow.</summary>
    ShardPlaced = 3,

    /// <summary>A step of a shard towards its place has begun. Told by the shard's leader.</summary>
    MoveStarted = 4,

    /// <summary>It has ended, one way or another. Told by the shard's leader.</summary>
    MoveEnded = 5,

    /// <summary>A replica gave itself up, since its shard lives elsewhere now. Told by the node that held it.</summary>
    ReplicaDropped = 6,

    /// <summary>A leader counts on entries that the telling node's replica does not have: its disk lost what it had acknowledged.</summary>
    EntriesMissing = 7,

    /// <summary>The telling node's disk takes no writes, or takes them again.</summary>
    StorageChanged = 8,

    /// <summary>Something that matters happened to a mode on the telling node: a leader took over, a saga was compensated.</summary>
    ModeChanged = 9,
}
