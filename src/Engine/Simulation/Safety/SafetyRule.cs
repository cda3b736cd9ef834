namespace Cluster.Engine.Simulation.Safety;

/// <summary>What must hold at every instant of a run, whatever breaks in it: Raft's promises (Raft figure 3), what is built on them, and what a node owes its disk.</summary>
public enum SafetyRule
{
    /// <summary>At most one leader is elected in a term (Raft 5.2).</summary>
    ElectionSafety,

    /// <summary>Two logs with the same index and term at one entry are equal up to it (5.3).</summary>
    LogMatching,

    /// <summary>What was committed in a term stands in the log of each later term's leader (5.4).</summary>
    LeaderCompleteness,

    /// <summary>No two replicas apply different entries at one index (5.4.3).</summary>
    StateMachineSafety,

    /// <summary>Replicas that have applied the same entries are in the same state.</summary>
    EqualStates,

    /// <summary>A leader whose lease holds is the only one that can commit or answer (thesis 6.4.1): so an entity is live once.</summary>
    OneLeaderServes,

    /// <summary>A singleton may act on at most one node at a time: the lease of an earlier life has ended, or the life has, before a later one begins.</summary>
    OneSingletonActs,

    /// <summary>A write that is answered stands on the disks of a majority of the voters, where a loss of power leaves it.</summary>
    AnsweredIsDurable,

    /// <summary>What a node finds when it starts again holds everything that its disk had kept.</summary>
    RecoveredIsWhole,

    /// <summary>No node ends itself unless its disk gave it reason to.</summary>
    NodeLives,

    /// <summary>No part of the engine fails by an exception.</summary>
    NothingFails,

    /// <summary>A confirmed read sees every write acknowledged before it was asked (thesis 6.4).</summary>
    ReadFreshness,

    /// <summary>A read by lease sees every write acknowledged before it (thesis 6.4.1).</summary>
    LeaseFreshness,

    /// <summary>A replica's own assertion failed.</summary>
    CoreInvariant,

    /// <summary>Once all is healed, the cluster serves again and all replicas agree.</summary>
    Liveness,
}
