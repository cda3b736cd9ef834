using Cluster.Engine.Flaws;

namespace Cluster.Modes.CircuitBreaker;

/// <summary>Ways to build it wrong.</summary>
internal static class CircuitBreakerFlaws
{
    public static PlantedFlaw WithoutBreaker { get; } = new() { Name = "breaker-retries-without-breaker", Breaks = "a proxy has no breaker, no bulkhead and no budget, and tries eight times: whoever is slow is sent several times the load, and callers wait for it" };

    public static PlantedFlaw NoJitter { get; } = new() { Name = "breaker-no-jitter", Breaks = "a proxy waits exactly its backoff before a retry: those who failed together come back together" };

    public static PlantedFlaw ProbeFlood { get; } = new() { Name = "breaker-probe-flood", Breaks = "a half-open breaker lets everything through: what has just recovered is sent the whole load" };

    public static PlantedFlaw StaleAsFresh { get; } = new() { Name = "breaker-stale-as-fresh", Breaks = "a fallback does not say that it is one: a value of long ago counts as one of now" };

    public static PlantedFlaw KeysIgnored { get; } = new() { Name = "breaker-keys-ignored", Breaks = "a dependency does not look at idempotency keys: an add that is sent again takes effect again" };

    public static IReadOnlyList<PlantedFlaw> All { get; } = [WithoutBreaker, NoJitter, ProbeFlood, StaleAsFresh, KeysIgnored];

    /// <summary>What a proxy is like on a node with these flaws.</summary>
    public static ProxyOptions Proxy(Func<string, bool> hasFlaw)
    {
        var options = new ProxyOptions
        {
            Breaker = new BreakerOptions { FloodsWithProbes = hasFlaw(ProbeFlood.Name) },
            Retry = new RetryOptions { HasJitter = !hasFlaw(NoJitter.Name) },
            PassesStaleForFresh = hasFlaw(StaleAsFresh.Name),
        };
        return hasFlaw(WithoutBreaker.Name)
            ? options with { HasBreaker = false, Retry = options.Retry with { HasBudget = false, MaxAttempts = 8 } }
            : options;
    }
}
