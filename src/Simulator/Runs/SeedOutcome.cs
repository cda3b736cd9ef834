using Cluster.Engine.Simulation;
using Cluster.Lab.Histories;
using Cluster.Lab.Messages;
using Cluster.Lab.Scenarios;

namespace Cluster.Simulator.Runs;

/// <summary>One seed, played and judged.</summary>
/// <param name="Trace">What identifies the run: the same seed on the same commit gives the same hash.</param>
/// <param name="VirtualTime">How much time passed in it.</param>
internal sealed record SeedOutcome(ScenarioFinding Finding, ScenarioVerdict Verdict, History History, RunTrace Trace, TimeSpan VirtualTime)
{
    /// <summary>What the nodes said to each other; nothing where they did not record.</summary>
    public IReadOnlyList<RecordedMessage> Messages { get; init; } = [];
}
