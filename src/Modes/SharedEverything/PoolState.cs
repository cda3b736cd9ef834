namespace Cluster.Modes.SharedEverything;

/// <summary>How a node stands with the database.</summary>
internal enum PoolState
{
    /// <summary>Nobody has asked yet.</summary>
    Idle,

    /// <summary>Nobody has asked before, or a connection broke: requests wait until it is known whether the database is there.</summary>
    Connecting,

    Up,

    /// <summary>It does not answer: what comes is refused at once, and it is tried again and again.</summary>
    Down,
}
