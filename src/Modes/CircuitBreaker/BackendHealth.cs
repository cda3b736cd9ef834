namespace Cluster.Modes.CircuitBreaker;

/// <summary>How well a dependency is: set from outside, so that a lab can make it slow, failing or flapping.</summary>
internal sealed record BackendHealth(HealthKind Kind, long LatencyMs, int FailPercent, long PeriodMs)
{
    /// <summary>What a healthy one takes for a request.</summary>
    private static readonly TimeSpan Healthy = TimeSpan.FromMilliseconds(2);

    public static BackendHealth Fast { get; } = new(HealthKind.Fast, 0, 0, 0);

    public TimeSpan Latency => Kind == HealthKind.Slow ? TimeSpan.FromMilliseconds(LatencyMs) : Healthy;

    /// <param name="since">How long it has been so.</param>
    /// <param name="random">From 0 to below 1.</param>
    public bool Fails(TimeSpan since, double random) => Kind switch
    {
        HealthKind.Failing => random * 100 < FailPercent,
        HealthKind.Flapping => since.TotalMilliseconds % (2 * PeriodMs) < PeriodMs,
        _ => false,
    };
}
