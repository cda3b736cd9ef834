using Cluster.Engine.Port;
using Cluster.Modes.Hosting;

namespace Cluster.Modes.CircuitBreaker;

/// <summary>Client proxies on every node, each with breaker, bulkhead, timeouts, retries under a budget and a fallback, before a dependency that can be made slow, failing or flapping. See README.md.</summary>
public static class CircuitBreakerMode
{
    public const string Slug = "circuit-breaker";

    public static Mode Mode { get; } = new(
        Slug,
        "services",
        "A slow or failing dependency does not take its callers down: calls to it fail fast or fall back, retries stay within a budget, and a few probes find out when it is back.",
        CircuitBreakerLab.Scenario)
    {
        Parts = new ModeParts
        {
            Messages = static messages => messages
                .Register("circuit-breaker.invoke", 1, CircuitBreakerJson.Default.Invoke)
                .Register("circuit-breaker.invoked", 1, CircuitBreakerJson.Default.Invoked)
                .Register("circuit-breaker.set-health", 1, CircuitBreakerJson.Default.SetHealth)
                .Register("circuit-breaker.health", 1, CircuitBreakerJson.Default.HealthIs)
                .Register("circuit-breaker.ask-received", 1, CircuitBreakerJson.Default.AskReceived)
                .Register("circuit-breaker.received", 1, CircuitBreakerJson.Default.ReceivedPage),
            Operations = CircuitBreakerOperations.All,
            Door = static node => Props.Create(() => new CircuitBreakerActor(node)),
            Flaws = CircuitBreakerFlaws.All,
        },
    };
}
