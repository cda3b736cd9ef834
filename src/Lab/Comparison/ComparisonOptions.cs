namespace Cluster.Lab.Comparison;

/// <summary>How much is measured of each mode.</summary>
public sealed record ComparisonOptions
{
    /// <summary>Of each measurement of throughput; faults last as long in proportion.</summary>
    public TimeSpan Measured { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Nodes of the clusters whose throughput is measured.</summary>
    public IReadOnlyList<int> Sizes { get; init; } = [1, 3, 5];

    /// <summary>Nodes of the cluster that is broken: the smallest that has a majority and a minority.</summary>
    public int FaultNodes { get; init; } = 3;

    /// <summary>Connections of the closed loop.</summary>
    public int Clients { get; init; } = 24;

    /// <summary>Keys of the closed loop.</summary>
    public int Keys { get; init; } = 1_000;

    public int Seed { get; init; } = 1;

    /// <summary>
    /// Clusters that are broken at one time, each with a mode of its own: most of that time nodes are away and clients wait. Throughput and latency are measured before, one mode at a time.
    /// </summary>
    public int BrokenAtOnce { get; init; } = 2;

    /// <summary>Short faults show nothing: a failure detector takes seconds to be sure.</summary>
    public TimeSpan FaultLength => Measured * 0.8 > FaultLengthMin ? Measured * 0.8 : FaultLengthMin;

    private static TimeSpan FaultLengthMin => TimeSpan.FromSeconds(3);
}
