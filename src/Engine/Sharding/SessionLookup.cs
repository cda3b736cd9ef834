namespace Cluster.Engine.Sharding;

/// <summary>What a shard remembers of one request.</summary>
internal enum SessionLookup
{
    /// <summary>Nothing: it may be decided.</summary>
    NotSeen = 0,

    /// <summary>It stands in the leader's log and is not applied yet.</summary>
    UnderWay = 1,

    /// <summary>It took effect, and here is its reply.</summary>
    Done = 2,

    /// <summary>It took effect; its reply was too long to be kept.</summary>
    DoneReplyDropped = 3,

    /// <summary>Its caller said that it has the reply, or too many later ones were kept: it may or may not have taken effect, and must not again.</summary>
    TooOld = 4,
}
