namespace Cluster.Engine.Consensus;

/// <summary>What a replica is in its current term (Raft 5.1, thesis 9.6). A learner is a follower that the configuration does not count.</summary>
public enum RaftRole
{
    Follower = 0,

    /// <summary>Asks whether it could win, without raising its term (thesis 9.6).</summary>
    PreCandidate = 1,

    Candidate = 2,

    Leader = 3,
}
