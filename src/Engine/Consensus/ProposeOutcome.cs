namespace Cluster.Engine.Consensus;

/// <summary>Whether a proposal entered the leader's log. All but the first had no effect.</summary>
public enum ProposeOutcome
{
    /// <summary>In the log, at the result's index and term. Committed if that index is applied with that term; lost if with another.</summary>
    Accepted = 0,

    /// <summary>This replica does not lead; the result names who may.</summary>
    NotLeader = 1,

    /// <summary>Too many uncommitted bytes (<see cref="RaftOptions.MaxUncommittedBytes"/>): try again when some are committed.</summary>
    Overloaded = 2,

    /// <summary>Leadership is being handed over: try the new leader in a moment.</summary>
    TransferUnderWay = 3,

    /// <summary>This replica cannot write.</summary>
    StorageFailed = 4,

    /// <summary>Larger than <see cref="RaftOptions.MaxEntryBytes"/>; never accepted.</summary>
    TooLarge = 5,

    /// <summary>Configuration only: the one before is not committed, or the leader has not committed an entry of its term yet
    /// (Ongaro, raft-dev 2015). Try again in a moment.</summary>
    NotYet = 6,

    /// <summary>Configuration only: the change does not fit the configuration (adding a member, promoting a voter ...).</summary>
    Invalid = 7,

    /// <summary>Configuration only: the group would lose its majority, or count a replica that is far behind.</summary>
    Unsafe = 8,
}
