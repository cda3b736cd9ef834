using Cluster.Lab.Benchmarks.Requests;

namespace Cluster.Lab.Benchmarks;

/// <summary>What a benchmark does to each of its targets. The defaults are those of redis-benchmark where it has them.</summary>
public sealed record BenchOptions
{
    /// <summary>More keys than this take longer to load than anyone waits.</summary>
    public const long MaxKeys = 100_000_000;

    public int Clients { get; init; } = 64;

    /// <summary>Most requests under way on one connection.</summary>
    public int Pipeline { get; init; } = 1;

    /// <summary>Measured time for each target, over all rounds.</summary>
    public TimeSpan Measured { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Before each round, and not counted.</summary>
    public TimeSpan WarmUp { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Into how many turns the measured time is cut; targets take turns, so that what disturbs the machine disturbs all.</summary>
    public int Rounds { get; init; } = 1;

    /// <summary>Requests a second over all connections: an open loop. Null: a closed one, as fast as answers come.</summary>
    public double? Rate { get; init; }

    public BenchWorkload Workload { get; init; } = BenchWorkload.Mixed;

    /// <summary>Reads among the requests of a mixed workload, from 0 to 1.</summary>
    public double ReadShare { get; init; } = 0.5;

    public int ValueBytes { get; init; } = 128;

    public long Keys { get; init; } = 10_000;

    public KeyDistribution Distribution { get; init; }

    /// <summary>What reads may see, by <c>CLIENT CONSISTENCY</c>; null leaves a connection as it is. Only for a server that has this command.</summary>
    public string? Consistency { get; init; }

    /// <summary>Event loops of the generator; one drives some hundred thousand requests a second.</summary>
    public int Threads { get; init; } = 1;

    public int Seed { get; init; } = 1;

    /// <summary>Whether the keys are written before they are read; a workload that only writes loads nothing.</summary>
    public bool Load { get; init; } = true;
}
