using Cluster.Lab.Histories;
using Cluster.Lab.Scenarios;

namespace Cluster.Simulator.Runs;

/// <summary>One seed, played and judged.</summary>
/// <param name="Trace">Hash of everything that happened in it: the same seed on the same commit gives the same one.</param>
/// <param name="VirtualTime">How much time passed in it.</param>
internal sealed record SeedOutcome(ScenarioFinding Finding, ScenarioVerdict Verdict, History History, ulong Trace, TimeSpan VirtualTime);
