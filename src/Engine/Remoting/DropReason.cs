namespace Cluster.Engine.Remoting;

/// <summary>Why a frame was not sent or not delivered.</summary>
public enum DropReason
{
    /// <summary>The link's bound on pending bytes was met.</summary>
    PendingFull,

    /// <summary>It was pending when the link was lost or an attempt to connect failed.</summary>
    LinkLost,

    /// <summary>Over the bound on one frame.</summary>
    Oversized,

    /// <summary>A link fault dropped it, or its link was cut.</summary>
    Fault,

    /// <summary>It came in on a channel that nobody handles on this node.</summary>
    NoHandler,

    /// <summary>Its handler threw.</summary>
    HandlerFailed,

    /// <summary>It came from a node of another cluster on a channel that is this cluster's own: consensus, membership, shards, actors.</summary>
    OtherCluster,
}
