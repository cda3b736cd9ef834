using Cluster.Lab.Histories;
using Cluster.Lab.Messages;

namespace Cluster.Lab.Scenarios;

/// <summary>A run that is over and judged: all that its files and its last lines tell.</summary>
/// <param name="Engine">process, compose, remote or sim.</param>
/// <param name="Again">The command that repeats it.</param>
public sealed record RunOutcome(ScenarioFinding Finding, ScenarioVerdict Verdict, History History, string Engine, string Again)
{
    public IReadOnlyList<RecordedMessage> Messages { get; init; } = [];

    /// <summary>Records of messages that were lost before they could be read.</summary>
    public long MessagesMissed { get; init; }

    /// <summary>Of a simulated run: the hash of everything that happened in it; null elsewhere.</summary>
    public ulong? Trace { get; init; }

    public ScenarioPlan Plan => Finding.Plan;
}
