using Cluster.Shared.Ids;
using Cluster.Shared.Results;

namespace Cluster.Engine.Consensus;

/// <summary>What became of a proposal.</summary>
/// <param name="Outcome">Accepted, or why not.</param>
/// <param name="Index">Where it stands in the log, when accepted.</param>
/// <param name="Term">The term it was accepted in; an entry of another term at that index means that this one is lost.</param>
/// <param name="LeaderHint">Who may lead, when this replica does not; <see cref="NodeId.None"/> if unknown.</param>
/// <param name="Reason">When refused: what is wrong and what to do. Empty when accepted.</param>
public readonly record struct ProposeResult(ProposeOutcome Outcome, LogIndex Index, Term Term, NodeId LeaderHint, string Reason)
{
    public bool Accepted => Outcome == ProposeOutcome.Accepted;

    /// <summary>The refusal in the words of every other interface.</summary>
    public ErrorCode Error => Outcome switch
    {
        ProposeOutcome.Accepted => ErrorCode.None,
        ProposeOutcome.NotLeader => ErrorCode.NotLeader,
        ProposeOutcome.Overloaded => ErrorCode.Overloaded,
        ProposeOutcome.StorageFailed => ErrorCode.StorageUnavailable,
        ProposeOutcome.TooLarge => ErrorCode.BadRequest,
        ProposeOutcome.Invalid or ProposeOutcome.Unsafe => ErrorCode.Conflict,
        _ => ErrorCode.Unavailable,
    };

    internal static ProposeResult At(LogIndex index, Term term) => new(ProposeOutcome.Accepted, index, term, NodeId.None, string.Empty);

    internal static ProposeResult NotLeading(NodeId hint) => new(ProposeOutcome.NotLeader, default, default, hint, "this replica does not lead the group: ask the leader");

    internal static ProposeResult Refused(ProposeOutcome outcome, string reason) => new(outcome, default, default, NodeId.None, reason);
}
