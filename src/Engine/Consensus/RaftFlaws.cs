namespace Cluster.Engine.Consensus;

/// <summary>
/// Bugs to plant on purpose, so that each checker is shown to catch one. <see cref="None"/> in production: only tests, and a lab's
/// <c>--bug</c>, set another.
/// </summary>
[Flags]
internal enum RaftFlaws
{
    None = 0,

    /// <summary>Grants its vote to everyone who asks in a term (breaks election safety).</summary>
    VoteTwice = 1,

    /// <summary>Votes for candidates whose log lacks committed entries (breaks leader completeness, Raft 5.4.1).</summary>
    IgnoreCandidateLog = 2,

    /// <summary>Commits an older term's entry by counting replicas (Raft 5.4.2, figure 8).</summary>
    CommitOlderTermByCount = 4,

    /// <summary>Appends without comparing the entry before (breaks log matching, Raft 5.3).</summary>
    SkipPreviousEntryCheck = 8,

    /// <summary>Hands out its vote without writing it down (breaks election safety after a restart).</summary>
    ForgetVote = 16,

    /// <summary>Acknowledges what is not on disk yet: no fsync.</summary>
    AcknowledgeBeforePersist = 32,

    /// <summary>Serves linearizable reads without asking a majority (stale reads on a deposed leader).</summary>
    ReadWithoutRound = 64,

    /// <summary>Claims a lease for as long as it believes to lead.</summary>
    LeaseWithoutMajority = 128,

    /// <summary>Votes as soon as it is back from a restart, whatever it had promised a leader.</summary>
    NoGuardAfterRestart = 256,
}
