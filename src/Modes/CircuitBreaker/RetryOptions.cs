namespace Cluster.Modes.CircuitBreaker;

/// <summary>How failed attempts are repeated.</summary>
internal sealed record RetryOptions
{
    /// <summary>Attempts of one call, the first included. The budget is what bounds the load; this bounds one call's patience.</summary>
    public int MaxAttempts { get; init; } = 3;

    /// <summary>Upper end of the first pause; doubles with each.</summary>
    public TimeSpan Pause { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Upper end of any pause: a part of a call's deadline.</summary>
    public TimeSpan PauseMax { get; init; } = TimeSpan.FromMilliseconds(400);

    /// <summary>Retries for a hundred calls.</summary>
    public int BudgetPercent { get; init; } = 10;

    /// <summary>Retries that may be made at once after a quiet time.</summary>
    public int BudgetBurst { get; init; } = 10;

    /// <summary>False only in a broken variant: the pause is always its upper end.</summary>
    public bool HasJitter { get; init; } = true;

    /// <summary>False only in a broken variant: nothing bounds the retries of all calls together.</summary>
    public bool HasBudget { get; init; } = true;

    /// <summary>
    /// The pause before a retry, with full jitter: anywhere between nothing and its upper end, so that callers who failed together do not come back together
    /// (Brooker, Exponential Backoff and Jitter, 2015).
    /// </summary>
    /// <param name="retry">From 1.</param>
    /// <param name="random">From 0 to below 1.</param>
    public TimeSpan PauseBefore(int retry, double random)
    {
        var end = Pause * Math.Pow(2, Math.Min(retry - 1, 30));
        end = end < PauseMax ? end : PauseMax;
        return HasJitter ? end * random : end;
    }
}
