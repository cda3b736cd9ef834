using Cluster.Lab.Histories;

namespace Cluster.Lab.Checkers;

/// <summary>A checker's verdict on one history, with a sentence for people and the evidence behind it.</summary>
public sealed record CheckResult(string Checker, Verdict Verdict, string Summary, IReadOnlyList<string> Details)
{
    /// <summary>The operations that show a violation, where the checker can point at them.</summary>
    public IReadOnlyList<Operation> Piece { get; init; } = [];
}
