using System.Net;

namespace Cluster.Lab.Benchmarks;

/// <summary>A server or a cluster to be measured.</summary>
/// <param name="Name">What the report calls it.</param>
/// <param name="Doors">Where it speaks RESP; connections are spread over them.</param>
/// <param name="Processes">Those of its processes that run on this machine, by name: their processor time is measured.</param>
public sealed record BenchTarget(string Name, IReadOnlyList<IPEndPoint> Doors, IReadOnlyDictionary<string, int> Processes, string? Consistency = null);
