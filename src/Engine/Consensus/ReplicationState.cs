namespace Cluster.Engine.Consensus;

/// <summary>How a leader feeds one peer.</summary>
public enum ReplicationState
{
    /// <summary>The leader does not know where the peer's log agrees: one append at a time, until one is accepted.</summary>
    Probe = 0,

    /// <summary>The logs agree: appends are pipelined within the in-flight window.</summary>
    Replicate = 1,

    /// <summary>The peer needs entries that are compacted away: appends pause until it has a snapshot.</summary>
    Snapshot = 2,
}
