namespace Cluster.Modes.CircuitBreaker;

/// <summary>When a circuit breaker opens, and how it finds back. The names are resilience4j's; the times are a lab's, so that one run shows several rounds.</summary>
internal sealed record BreakerOptions
{
    /// <summary>Whether the window is of the last calls, or of the last while.</summary>
    public WindowKind Window { get; init; } = WindowKind.Count;

    /// <summary>Calls in a count-based window: few enough that a dependency that went bad is noticed within one of them by each of its callers.</summary>
    public int WindowCalls { get; init; } = 20;

    /// <summary>Length of a time-based window: Hystrix's rolling ten seconds.</summary>
    public TimeSpan WindowLength { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Calls before the rates are believed: one failure of one call is no rate.</summary>
    public int MinimumCalls { get; init; } = 10;

    /// <summary>Share of failed calls that opens it: Hystrix's and resilience4j's half.</summary>
    public double FailureRate { get; init; } = 0.5;

    /// <summary>Share of slow calls that opens it. Above the failure rate, since a slow answer is an answer.</summary>
    public double SlowCallRate { get; init; } = 0.6;

    /// <summary>A call as long as that is slow: some fifty times what a healthy dependency takes, and below the timeout.</summary>
    public TimeSpan SlowCall { get; init; } = TimeSpan.FromMilliseconds(150);

    /// <summary>An attempt that its caller's deadline has cut short after so long has failed; before, it says nothing: a healthy dependency might still have answered. Some twenty times what one takes.</summary>
    public TimeSpan Telling { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>Calls that are let through while half-open; when all have ended, they decide. One would let chance decide, and many would harm what is just recovering.</summary>
    public int Probes { get; init; } = 3;

    /// <summary>How long it stays open the first time.</summary>
    public TimeSpan OpenInterval { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>The interval doubles with each opening that no closing interrupts, up to this: it bounds how late a recovery is noticed.</summary>
    public TimeSpan OpenIntervalMax { get; init; } = TimeSpan.FromSeconds(4);

    /// <summary>Only of a broken variant: while half-open everything is let through.</summary>
    public bool FloodsWithProbes { get; init; }
}
