using System.Net;
using Cluster.Lab.Benchmarks.Loops;

namespace Cluster.Lab.Benchmarks;

/// <summary>A server or a cluster to be measured.</summary>
/// <param name="Name">What the report calls it.</param>
/// <param name="Doors">Where it takes connections; the generator's are spread over them.</param>
/// <param name="Processes">Those of its processes that run on this machine, by name: their processor time is measured.</param>
public sealed record BenchTarget(string Name, IReadOnlyList<IPEndPoint> Doors, IReadOnlyDictionary<string, int> Processes)
{
    /// <summary>What this target's reads may see, whatever the options say; for one that is measured beside itself with other promises.</summary>
    public string? Consistency { get; init; }

    /// <summary>The database that connections select first: on our nodes a storage mode. Null: the one that they begin with.</summary>
    public int? Database { get; init; }

    /// <summary>Makes what drives it; null for a target that speaks RESP.</summary>
    public Func<BenchOptions, ILoadGenerator>? Generator { get; init; }
}
