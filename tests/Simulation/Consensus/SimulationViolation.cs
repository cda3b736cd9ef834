using Cluster.Engine.Simulation.Safety;

namespace Cluster.Simulation.Tests.Consensus;

/// <summary>The rule that a run broke, where and when.</summary>
internal sealed class SimulationViolation(SafetyRule rule, TimeSpan at, string details)
    : Exception($"{rule} broken at {at.TotalMilliseconds:0.0} ms: {details}")
{
    public SafetyRule Rule { get; } = rule;
}
