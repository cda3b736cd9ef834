namespace Cluster.Modes.CircuitBreaker;

/// <summary>What a sliding window holds. A call may be failed and slow at once.</summary>
internal readonly record struct WindowCounts(int Calls, int Failed, int Slow)
{
    public double FailureRate => Calls == 0 ? 0 : (double)Failed / Calls;

    public double SlowCallRate => Calls == 0 ? 0 : (double)Slow / Calls;
}
