namespace Cluster.Engine.Consensus;

/// <summary>
/// Every time and bound of a replica, each with its reason. All replicas of a group must use the same times: a leader's lease rests on what its
/// followers promise.
/// </summary>
public sealed record RaftOptions
{
    public static readonly RaftOptions Default = new();

    /// <summary>How often a leader speaks up. Four fit in the shortest election timeout, so that one lost or late is no election.</summary>
    public TimeSpan HeartbeatInterval { get; init; } = TimeSpan.FromMilliseconds(75);

    /// <summary>Shortest election timeout, and how long a follower that heard from a leader refuses its vote to others (thesis 6.4.1, 9.6).</summary>
    public TimeSpan ElectionTimeoutMin { get; init; } = TimeSpan.FromMilliseconds(350);

    /// <summary>Longest election timeout. Twice the shortest spreads the candidates (Raft 9.3), and keeps a failover under a second.</summary>
    public TimeSpan ElectionTimeoutMax { get; init; } = TimeSpan.FromMilliseconds(700);

    /// <summary>How long a round that a majority acknowledged lets the leader serve reads alone, from when the round was sent.</summary>
    public TimeSpan LeaseDuration { get; init; } = TimeSpan.FromMilliseconds(300);

    /// <summary>
    /// How far a clock's rate may be off, either way. The lease on the slowest clock must end before the promise on the fastest:
    /// <c>LeaseDuration * (1 + drift) / (1 - drift) &lt;= ElectionTimeoutMin</c>. 5% is a hundred times what a quartz does.
    /// </summary>
    public double MaxClockDrift { get; init; } = 0.05;

    /// <summary>A leader that has not heard from a majority for this long steps down (thesis 6.2). As long as the longest election timeout: by
    /// then the others had their chance, and a shorter one costs elections on a machine that stalls.</summary>
    public TimeSpan QuorumTimeout { get; init; } = TimeSpan.FromMilliseconds(700);

    /// <summary>Shortest wait of a candidate that was refused, before it tries again; doubles with each try.</summary>
    public TimeSpan RetryBackoffMin { get; init; } = TimeSpan.FromMilliseconds(15);

    /// <summary>Longest first wait of a refused candidate. Wider than a vote's round trip with its fsync, so that of two candidates one is first.</summary>
    public TimeSpan RetryBackoffMax { get; init; } = TimeSpan.FromMilliseconds(75);

    /// <summary>Largest payload of one append; a larger single entry travels alone. Keeps a frame small beside other groups' heartbeats.</summary>
    public int MaxAppendBytes { get; init; } = 256 * 1024;

    /// <summary>Most unanswered appends to one peer.</summary>
    public int MaxInflightAppends { get; init; } = 64;

    /// <summary>Most unanswered append bytes to one peer: what a slow peer may pile up in buffers on the way.</summary>
    public int MaxInflightBytes { get; init; } = 4 * 1024 * 1024;

    /// <summary>Largest proposal: the largest key-value command with room for its envelope.</summary>
    public int MaxEntryBytes { get; init; } = 9 * 1024 * 1024;

    /// <summary>Most uncommitted bytes that a leader takes on: what it may hold in memory for clients while it has no majority.</summary>
    public long MaxUncommittedBytes { get; init; } = 32 * 1024 * 1024;

    /// <summary>Most reads that wait for a round.</summary>
    public int MaxPendingReads { get; init; } = 65_536;

    /// <summary>Most read rounds under way; more reads wait and share the next. A round costs a message to each peer and back.</summary>
    public int MaxReadRounds { get; init; } = 8;

    /// <summary>Entries kept before a snapshot, so that a slow follower catches up from the log instead of the whole state.</summary>
    public int KeepEntries { get; init; } = 4096;

    /// <summary>Bytes of such entries: the bound that counts when values are large.</summary>
    public long KeepBytes { get; init; } = 4 * 1024 * 1024;

    /// <summary>Most committed entries in one effects record, so that one group's backlog does not hold up the others.</summary>
    public int MaxCommittedBatch { get; init; } = 1024;

    /// <summary>A learner further behind than this many entries is not promoted: as a voter it could hold up commits (thesis 4.2.1).</summary>
    public int PromotionLag { get; init; } = 1024;

    internal RaftFlaws Flaws { get; init; }

    /// <exception cref="ArgumentException">A time or bound contradicts another; the message says which and why.</exception>
    public void Validate()
    {
        Require(HeartbeatInterval > TimeSpan.Zero, $"{nameof(HeartbeatInterval)} {HeartbeatInterval} must be positive");
        Require(HeartbeatInterval * 2 < ElectionTimeoutMin, $"{nameof(HeartbeatInterval)} {HeartbeatInterval} must be less than half of {nameof(ElectionTimeoutMin)} {ElectionTimeoutMin}, or a lost heartbeat is an election");
        Require(ElectionTimeoutMin < ElectionTimeoutMax, $"{nameof(ElectionTimeoutMax)} {ElectionTimeoutMax} must be longer than {nameof(ElectionTimeoutMin)} {ElectionTimeoutMin}, or candidates never part");
        Require(QuorumTimeout >= ElectionTimeoutMin, $"{nameof(QuorumTimeout)} {QuorumTimeout} must not be shorter than {nameof(ElectionTimeoutMin)} {ElectionTimeoutMin}");
        Require(MaxClockDrift is >= 0 and < 0.5, $"{nameof(MaxClockDrift)} {MaxClockDrift} must be at least 0 and less than 0.5");
        Require(LeaseDuration * ((1 + MaxClockDrift) / (1 - MaxClockDrift)) <= ElectionTimeoutMin, $"{nameof(LeaseDuration)} {LeaseDuration} with clocks off by {MaxClockDrift:P0} outlives the promise of {nameof(ElectionTimeoutMin)} {ElectionTimeoutMin}");
        Require(RetryBackoffMin > TimeSpan.Zero && RetryBackoffMin < RetryBackoffMax, $"{nameof(RetryBackoffMin)} {RetryBackoffMin} must be positive and less than {nameof(RetryBackoffMax)} {RetryBackoffMax}");
        Require(MaxAppendBytes > 0 && MaxInflightAppends > 0 && MaxInflightBytes > 0, "the append and in-flight bounds must be positive");
        Require(MaxEntryBytes > 0 && MaxUncommittedBytes >= MaxEntryBytes, $"{nameof(MaxUncommittedBytes)} {MaxUncommittedBytes} must hold at least one entry of {nameof(MaxEntryBytes)} {MaxEntryBytes}");
        Require(MaxPendingReads > 0 && MaxReadRounds > 0 && MaxCommittedBatch > 0, "the read and apply bounds must be positive");
        Require(KeepEntries >= 0 && KeepBytes >= 0 && PromotionLag >= 0, "the bounds on kept entries and on a learner's lag must not be negative");
    }

    private static void Require(bool holds, string otherwise)
    {
        if (!holds)
        {
            throw new ArgumentException($"raft options: {otherwise}");
        }
    }
}
