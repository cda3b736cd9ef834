using Cluster.Shared.Ids;

namespace Cluster.Engine.Consensus;

/// <summary>What became of a request to read.</summary>
/// <param name="Outcome">Accepted, or why not.</param>
/// <param name="LeaderHint">Who may lead, when this replica does not; <see cref="NodeId.None"/> if unknown.</param>
/// <param name="Reason">When refused: what is wrong and what to do. Empty when accepted.</param>
public readonly record struct ReadResult(ReadOutcome Outcome, NodeId LeaderHint, string Reason)
{
    public bool Accepted => Outcome == ReadOutcome.Accepted;
}
