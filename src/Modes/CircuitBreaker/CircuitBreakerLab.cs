using Cluster.Shared.Scenarios;

namespace Cluster.Modes.CircuitBreaker;

/// <summary>Callers on every node, and one dependency that is partly failing, slow, dead and flapping by turns, while nodes and links break beside it; then ways to build its callers wrong.</summary>
public static class CircuitBreakerLab
{
    public static Scenario Scenario { get; } = new(
        CircuitBreakerMode.Slug,
        "Circuit breaker: callers that outlive what they call",
        "Does a slow, failing or flapping dependency take its callers down, and do their retries keep it down?")
    {
        Nodes = 3,
        Shards = 4,
        Span = TimeSpan.FromSeconds(40),
        Workloads = [Callers],
        Faults = new FaultMix(
        [
            new(FaultType.Pause, "n1", Weight: 2),
            new(FaultType.Kill, "one"),
            new(FaultType.Restart, "one"),
            new(FaultType.Cut, "n1", Weight: 2),
            new(FaultType.CutIn, "n1"),
            new(FaultType.CutOut, "one"),
            new(FaultType.Delay, "n1", Amount: "120ms"),
            new(FaultType.Loss, "all", Amount: "10%"),
        ])
        {
            // One round of the dependency's troubles with nothing else broken: harm to callers of others, refusals and recoveries are judged there. The next round meets the faults.
            Calm = TimeSpan.FromSeconds(21),
            GapMin = TimeSpan.FromSeconds(3),
            GapMax = TimeSpan.FromSeconds(6),
            LengthMin = TimeSpan.FromSeconds(0.5),
            LengthMax = TimeSpan.FromSeconds(1.5),
            AtOnce = 1,
        },
        AnsweredPerSecondMin = 20,
        Promised =
        [
            "callers of other dependencies are not harmed by the one that is slow or failing: 95 of 100 calls are answered within 500 ms",
            "what an open breaker refuses is refused fast, and never reaches the dependency; a half-open one lets three probes through",
            "the dependency is sent at most 10 % retries on top of the calls, and ten more for each caller",
            "retries are spread over their backoff; a retried call takes effect once",
            "a fallback says that it is stale, and is no older than the age that it tells",
            "once the dependency is well, calls reach it again within six seconds",
        ],
        NotPromised =
        [
            "an answer: while a breaker is open, adds are refused, and so are reads of what was never read",
            "that a breaker knows: it judges by the last calls of its own node, and other nodes may judge otherwise",
            "anything across the death of a dependency: it lives in memory, its counters and idempotency keys begin anew",
        ],
        Bugs =
        [
            new("retries-without-breaker", "Eight attempts, no breaker, no bulkhead, no budget: a retry storm, and callers that wait for it.", [CircuitBreakerFlaws.WithoutBreaker.Name]) { Faults = FaultMix.None },
            new("no-jitter", "Every retry after exactly its backoff: who failed together comes back together.", [CircuitBreakerFlaws.NoJitter.Name]) { Faults = FaultMix.None },
            new("probe-flood", "A half-open breaker lets everything through.", [CircuitBreakerFlaws.ProbeFlood.Name]) { Faults = FaultMix.None },
            new("stale-as-fresh", "A fallback passes its last known value off as fresh.", [CircuitBreakerFlaws.StaleAsFresh.Name]) { Faults = FaultMix.None },
            new("keys-ignored", "The dependency does not look at idempotency keys: a retried add counts twice.", [CircuitBreakerFlaws.KeysIgnored.Name]) { Faults = FaultMix.None },
        ],
    };

    /// <summary>Some fifteen callers on each node: twice its workers, so that whoever keeps workers waiting keeps callers waiting.</summary>
    private static ScenarioWorkload Callers => new("breaker", Clients: 46) { Pause = TimeSpan.FromMilliseconds(60) };
}
