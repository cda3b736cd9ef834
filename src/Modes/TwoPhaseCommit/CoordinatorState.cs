using System.Collections.Immutable;

namespace Cluster.Modes.TwoPhaseCommit;

/// <summary>What a coordinator has in memory, and loses when it dies.</summary>
/// <param name="Votes">By participant.</param>
/// <param name="Acknowledged">By participant: whether it has carried the decision out.</param>
/// <param name="HeldMs">How long those that have were locked.</param>
public sealed record CoordinatorState(TransactionRecord Transaction, ImmutableArray<Vote> Votes, ImmutableArray<bool> Acknowledged, ImmutableArray<long> HeldMs);
