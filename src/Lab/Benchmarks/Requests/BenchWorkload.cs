namespace Cluster.Lab.Benchmarks.Requests;

/// <summary>What <c>--workload</c> takes.</summary>
public enum BenchWorkload
{
    Set,
    Get,

    /// <summary>GET and SET in the share asked for.</summary>
    Mixed,

    Incr,
    Mset,
    Ping,
}
