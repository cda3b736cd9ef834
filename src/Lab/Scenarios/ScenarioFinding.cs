using Cluster.Lab.Reports;
using Cluster.Lab.Schedules;
using Cluster.Lab.Workloads;

namespace Cluster.Lab.Scenarios;

/// <summary>What a run brought to light beside its history, before anybody judges it.</summary>
/// <param name="Faults">Which faults happened.</param>
/// <param name="Progress">What the clients' operations came to.</param>
/// <param name="Recovery">How it went on after the last fault; null where the run broke off before.</param>
/// <param name="Doubt">Why nothing can be concluded, whatever the history says; null if nothing stands against it.</param>
public sealed record ScenarioFinding(ScenarioPlan Plan, FaultTally Faults, WorkloadProgress Progress, ScenarioRecovery? Recovery, string? Doubt)
{
    /// <summary>Nodes that ended though nobody ended them, with what they said last.</summary>
    public IReadOnlyDictionary<string, string> EndedThemselves { get; init; } = new Dictionary<string, string>();

    public IReadOnlyList<Happening> Happenings { get; init; } = [];

    /// <summary>When it was over, in nanoseconds on the history's clock.</summary>
    public long Ended { get; init; }
}
