namespace Cluster.Modes.CircuitBreaker;

/// <summary>What a proxy has done since its node started.</summary>
internal sealed record ProxyTally(long Calls, long Attempts, long Retries, long RefusedOpen, long RefusedBulkhead, long OverBudget, long Stale);
