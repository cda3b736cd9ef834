using System.Collections.Immutable;

namespace Cluster.Modes.TwoPhaseCommit;

/// <summary>What a coordinator has in memory, and loses when it dies.</summary>
/// <param name="Votes">By participant.</param>
/// <param name="Acknowledged">By participant: whether it has carried the decision out.</param>
/// <param name="HeldMs">How long those that have were locked.</param>
public sealed record CoordinatorState(TransactionRecord Transaction, ImmutableArray<Vote> Votes, ImmutableArray<bool> Acknowledged, ImmutableArray<long> HeldMs)
{
    /// <summary>Whether it has taken over, and so has no votes and asks for none.</summary>
    public bool TookOver { get; init; }

    /// <summary>Why it waits for no more votes; null while it does.</summary>
    public string? GivesUp { get; init; }

    /// <summary>Whether any participant has said how it stands: from then on a commit of long ago, which no log remembers, is known or excluded.</summary>
    public bool HasHeard { get; init; }

    /// <summary>Whether one knows the id as another order's.</summary>
    public bool IdIsAnothers { get; init; }

    /// <summary>Whether one said that the order is committed.</summary>
    public bool IsCommittedAlready { get; init; }
}
