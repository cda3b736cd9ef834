namespace Cluster.Shared.Http;

/// <summary>One step of a shard towards its place.</summary>
/// <param name="Shard">0 is the control plane.</param>
/// <param name="From">Who gives: the member that a new replica stands in for, that loses its replica, or that led until now. Null where nobody does.</param>
/// <param name="To">Who gets: the new replica, or the leadership. Null where a replica only goes.</param>
/// <param name="Bytes">What the new replica was sent by the telling leader: snapshots, and entries of the log. 0 for other kinds.</param>
/// <param name="Seconds">Since it began; 0 in MoveStarted.</param>
/// <param name="Outcome">Null in MoveStarted.</param>
public sealed record MoveView(uint Shard, MoveKind Kind, string? From, string? To, long Bytes, double Seconds, MoveOutcome? Outcome = null);

/// <summary>What a move does.</summary>
public enum MoveKind
{
    /// <summary>A replica is built: learner first, voter when it has caught up.</summary>
    AddReplica = 0,

    /// <summary>A replica is taken out of its group.</summary>
    RemoveReplica = 1,

    /// <summary>Leadership is handed over.</summary>
    TransferLeadership = 2,
}

/// <summary>How a move ended.</summary>
public enum MoveOutcome
{
    /// <summary>As meant.</summary>
    Done = 0,

    /// <summary>Given up: it is not wished any more, or the other side did not take over in time.</summary>
    GivenUp = 1,

    /// <summary>The telling leader leads no more: its successor goes on with it, and tells it as a move of its own.</summary>
    HandedOn = 2,
}
