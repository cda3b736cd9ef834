namespace Cluster.Modes.CircuitBreaker;

/// <summary>What a client proxy does for its caller, and with which bounds.</summary>
internal sealed record ProxyOptions
{
    public BreakerOptions Breaker { get; init; } = new();

    public RetryOptions Retry { get; init; } = new();

    /// <summary>How long one attempt may take. A quarter of the usual deadline: one that is lost leaves time for another.</summary>
    public TimeSpan AttemptTimeout { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>The bulkhead: calls to one dependency under way at once. Half of the node's workers, so that the other half serves the other dependencies.</summary>
    public int MaxConcurrent { get; init; } = 4;

    /// <summary>False only in a broken variant: neither breaker nor bulkhead stand between the caller and the dependency.</summary>
    public bool HasBreaker { get; init; } = true;

    /// <summary>Only of a broken variant: a last known value is passed off as one of now.</summary>
    public bool PassesStaleForFresh { get; init; }
}
