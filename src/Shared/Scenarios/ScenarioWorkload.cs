namespace Cluster.Shared.Scenarios;

/// <summary>What clients do in a scenario.</summary>
/// <param name="Name">A workload of the lab's catalogue: <c>kv</c>, <c>bank</c>, <c>list-append</c>, ...</param>
/// <param name="Clients">Clients at once, each with one operation under way.</param>
public sealed record ScenarioWorkload(string Name, int Clients)
{
    private static readonly IReadOnlyDictionary<string, string> NoDial = new Dictionary<string, string>();

    /// <summary>Of a hundred operations, how many read; null for the workload's own share.</summary>
    public int? ReadPercent { get; init; }

    /// <summary>Of the clients, how many read only.</summary>
    public int Readers { get; init; }

    /// <summary>linearizable, lease or stale; null for the workload's own.</summary>
    public string? Consistency { get; init; }

    /// <summary>How many keys; null for the workload's own number.</summary>
    public int? Keys { get; init; }

    /// <summary>Of a hundred operations on registers, how many compare-and-set; null for the workload's own share, 0 for a store that has none.</summary>
    public int? CasPercent { get; init; }

    /// <summary>The storage mode whose keys the clients use, by its slug; null: the engine's own store.</summary>
    public string? Store { get; init; }

    /// <summary>With <see cref="Store"/>: arguments that every read carries, by their names.</summary>
    public IReadOnlyDictionary<string, string> ReadDial { get; init; } = NoDial;

    /// <summary>With <see cref="Store"/>: arguments that every write carries, by their names.</summary>
    public IReadOnlyDictionary<string, string> WriteDial { get; init; } = NoDial;

    /// <summary>With <see cref="Store"/>: each client hands what the mode told it of its session back with its next request.</summary>
    public bool CarriesToken { get; init; }

    /// <summary>With <see cref="Store"/>: the history tells of each write what the mode calls it, as its output.</summary>
    public bool TellsVersions { get; init; }

    /// <summary>Whether each client stays with one node, whatever that does: what is promised of a side of a partition is asked there.</summary>
    public bool StaysWithNode { get; init; }

    /// <summary>
    /// With <see cref="Store"/>: after the run every key is read at every node, again and again until all say the same, for so long at most; the last readings are judged. Null: each is read once, at any node.
    /// </summary>
    public TimeSpan? ConvergesWithin { get; init; }

    /// <summary>Between two operations of one client; null for the workload's own.</summary>
    public TimeSpan? Pause { get; init; }

    /// <summary>Checkers of the lab's catalogue that judge it; empty for the workload's own.</summary>
    public IReadOnlyList<string> Checkers { get; init; } = [];
}
