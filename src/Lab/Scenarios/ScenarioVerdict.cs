using Cluster.Lab.Checkers;

namespace Cluster.Lab.Scenarios;

/// <summary>The verdict on a run.</summary>
/// <param name="Doubt">Why it could not be more than unknown; null if nothing stood against it.</param>
/// <param name="Results">What each checker concluded.</param>
public sealed record ScenarioVerdict(Verdict Verdict, string? Doubt, IReadOnlyList<CheckResult> Results);
