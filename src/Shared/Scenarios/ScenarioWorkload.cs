namespace Cluster.Shared.Scenarios;

/// <summary>What clients do in a scenario.</summary>
/// <param name="Name">A workload of the lab's catalogue: <c>kv</c>, <c>bank</c>, <c>list-append</c>, ...</param>
/// <param name="Clients">Clients at once, each with one operation under way.</param>
public sealed record ScenarioWorkload(string Name, int Clients)
{
    /// <summary>Of a hundred operations, how many read; null for the workload's own share.</summary>
    public int? ReadPercent { get; init; }

    /// <summary>Of the clients, how many read only.</summary>
    public int Readers { get; init; }

    /// <summary>linearizable, lease or stale; null for the workload's own.</summary>
    public string? Consistency { get; init; }

    /// <summary>How many keys; null for the workload's own number.</summary>
    public int? Keys { get; init; }

    /// <summary>Between two operations of one client; null for the workload's own.</summary>
    public TimeSpan? Pause { get; init; }

    /// <summary>Checkers of the lab's catalogue that judge it; empty for the workload's own.</summary>
    public IReadOnlyList<string> Checkers { get; init; } = [];
}
