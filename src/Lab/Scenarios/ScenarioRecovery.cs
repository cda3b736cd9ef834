namespace Cluster.Lab.Scenarios;

/// <summary>How it went on once every fault was taken back.</summary>
/// <param name="After">From the end of the last fault until every node served, or until nobody waited any longer.</param>
/// <param name="NotReadyBecause">Which node did not serve by then, and why; null when every node did.</param>
public sealed record ScenarioRecovery(TimeSpan After, string? NotReadyBecause);
