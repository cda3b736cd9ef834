namespace Cluster.Engine.Sharding.Client;

/// <summary>Bounds of the way from a node's front doors to the shards' leaders.</summary>
public sealed record ShardClientOptions
{
    /// <summary>How long a request may take, all attempts together. Longer than a failover (below 1 s), shorter than a client's patience (redis-py: 5 s).</summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>How long one attempt may take before another one is made: a healthy leader answers within a few fsyncs.</summary>
    public TimeSpan AttemptTimeout { get; init; } = TimeSpan.FromMilliseconds(1000);

    /// <summary>First pause before a retry; doubles with each, with jitter (Polly's decorrelated one), up to <see cref="RetryPauseMax"/>.</summary>
    public TimeSpan RetryPause { get; init; } = TimeSpan.FromMilliseconds(15);

    /// <summary>Longest pause before a retry: a small part of an election timeout, so that a new leader is found soon.</summary>
    public TimeSpan RetryPauseMax { get; init; } = TimeSpan.FromMilliseconds(120);

    /// <summary>Share of failed attempts at one node that opens its breaker.</summary>
    public double BreakerFailureRatio { get; init; } = 0.5;

    /// <summary>Attempts in the window before the breaker judges.</summary>
    public int BreakerMinimumThroughput { get; init; } = 20;

    /// <summary>Window over which the breaker counts.</summary>
    public TimeSpan BreakerWindow { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How long an open breaker refuses before it lets a probe through.</summary>
    public TimeSpan BreakerPause { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Requests under way from this node at once; more are refused as overloaded.</summary>
    public int MaxInFlight { get; init; } = 65_536;

    /// <summary>A planted flaw: every read goes to whatever replica is near.</summary>
    internal bool DirtyReads { get; init; }
}
