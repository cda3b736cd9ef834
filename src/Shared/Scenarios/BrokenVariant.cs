namespace Cluster.Shared.Scenarios;

/// <summary>
/// A mode with one thing wrong on purpose, and the circumstances in which that shows: what stays null is as in the mode's own scenario. Its lab must end in
/// <c>violated</c>; where it does not, the checkers are worth nothing.
/// </summary>
/// <param name="Name">What <c>--bug</c> calls it.</param>
/// <param name="Breaks">What is wrong, and what it breaks, in one line.</param>
/// <param name="Flaws">The engine's flaws that make it.</param>
public sealed record BrokenVariant(string Name, string Breaks, IReadOnlyList<string> Flaws)
{
    public int? Nodes { get; init; }

    public int? Shards { get; init; }

    public FaultMix? Faults { get; init; }

    public IReadOnlyList<ScenarioWorkload>? Workloads { get; init; }

    /// <summary>
    /// Whether the simulator leaves the verdict to what clients saw: its safety rules, which see all nodes at once, would end the run before any client has seen anything.
    /// </summary>
    public bool JudgedByClientsOnly { get; init; }

    /// <summary>Whether it can be shown on real processes too; else only where time, network and disk are simulated.</summary>
    public bool OnProcesses { get; init; } = true;
}
