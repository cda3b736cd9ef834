namespace Cluster.Modes.CircuitBreaker;

/// <summary>
/// How many retries a caller may make, as a share of its calls (Site Reliability Engineering, chapter 22; Finagle's RetryBudget): each call puts a part of a token in, each retry takes a whole
/// one. However many calls fail, the dependency is sent no more than that share on top, and a burst.
/// </summary>
internal sealed class RetryBudget(RetryOptions options)
{
    /// <summary>A token in thousandths, so that sums are exact.</summary>
    private const int Token = 1_000;

    private readonly int most = options.BudgetBurst * Token;
    private readonly int share = options.BudgetPercent * Token / 100;
    private int tokens = options.BudgetBurst * Token;

    /// <summary>Retries that may be made now.</summary>
    public int Left => tokens / Token;

    /// <summary>A call was begun.</summary>
    public void Deposit() => tokens = Math.Min(most, tokens + share);

    /// <summary>Whether one retry may be made; then it is paid for.</summary>
    public bool TryTake()
    {
        if (tokens < Token)
        {
            return false;
        }

        tokens -= Token;
        return true;
    }
}
