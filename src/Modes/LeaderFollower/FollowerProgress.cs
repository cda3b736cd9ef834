namespace Cluster.Modes.LeaderFollower;

/// <summary>What the leader knows of one follower. One batch is under way at a time: what comes meanwhile goes with the next.</summary>
internal sealed class FollowerProgress(long next)
{
    /// <summary>The next entry to send it.</summary>
    public long Next { get; set; } = next;

    /// <summary>Up to here its disk is known to have this leader's log; -1 before it has answered.</summary>
    public long Match { get; set; } = -1;

    /// <summary>Of the last sending.</summary>
    public long Round { get; set; }

    /// <summary>When the last sending went out; null when it was answered.</summary>
    public TimeSpan? UnderWay { get; set; }

    /// <summary>Since when it has owed an answer; null when it owes none.</summary>
    public TimeSpan? SilentSince { get; set; }

    public TimeSpan LastSent { get; set; }

    /// <summary>When the latest sending that it has answered went out, by the leader's clock: its lease counts from here.</summary>
    public TimeSpan? LeaseFrom { get; set; }

    /// <summary>Its own clock in its last answer.</summary>
    public TimeSpan? Clock { get; set; }

    /// <summary>A whole copy that is on its way to it.</summary>
    public StateTransfer? Transfer { get; set; }
}

/// <summary>A whole copy as it was at a position, on its way to one follower.</summary>
internal sealed class StateTransfer(long id, IReadOnlyList<StatePiece> pieces, long position, IReadOnlyList<EpochStart> epochs)
{
    public long Id { get; } = id;

    public IReadOnlyList<StatePiece> Pieces { get; } = pieces;

    public long Position { get; } = position;

    public IReadOnlyList<EpochStart> Epochs { get; } = epochs;

    /// <summary>The first piece that the follower has not confirmed.</summary>
    public int Next { get; set; }
}
