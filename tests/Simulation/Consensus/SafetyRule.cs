namespace Cluster.Simulation.Tests.Consensus;

/// <summary>What Raft promises at all times (Raft figure 3), and what is built on it (thesis 6.4).</summary>
internal enum SafetyRule
{
    /// <summary>At most one leader is elected in a term (Raft 5.2).</summary>
    ElectionSafety,

    /// <summary>Two logs with the same index and term at one entry are equal up to it (5.3).</summary>
    LogMatching,

    /// <summary>What was committed in a term stands in the log of each later term's leader (5.4).</summary>
    LeaderCompleteness,

    /// <summary>No two replicas apply different entries at one index (5.4.3).</summary>
    StateMachineSafety,

    /// <summary>A confirmed read sees every write acknowledged before it was asked (thesis 6.4).</summary>
    ReadFreshness,

    /// <summary>A read by lease sees every write acknowledged before it (thesis 6.4.1).</summary>
    LeaseFreshness,

    /// <summary>A replica's own assertion failed.</summary>
    CoreInvariant,

    /// <summary>Once all is healed, the group serves again and all members agree.</summary>
    Liveness,
}
