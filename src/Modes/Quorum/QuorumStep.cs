namespace Cluster.Modes.Quorum;

/// <summary>What is to be done after an input: messages to replicas, then perhaps the end.</summary>
/// <param name="Sends">In this order.</param>
/// <param name="Outcome">Null while the request goes on.</param>
/// <param name="Repairs">Copies among the messages that mend what a replica had missed.</param>
internal readonly record struct QuorumStep(IReadOnlyList<(string Node, object Message)> Sends, QuorumOutcome? Outcome = null, int Repairs = 0)
{
    public static readonly QuorumStep Nothing = new([]);

    public static QuorumStep End(QuorumOutcome outcome) => new([], outcome);
}
