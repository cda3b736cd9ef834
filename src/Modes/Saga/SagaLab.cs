using Cluster.Modes.Shop;
using Cluster.Shared.Scenarios;

namespace Cluster.Modes.Saga;

/// <summary>Orders, half of them doomed, in both styles, while the nodes that drive them are killed, stopped and cut off; then two ways to write a saga wrong.</summary>
public static class SagaLab
{
    public static Scenario Scenario { get; } = new(
        SagaMode.Slug,
        "Saga: all of an order, or none of it in the end",
        "Does every order end complete or fully compensated, though whoever drives it may die between any two steps, and its messages may be lost, late or doubled?")
    {
        Nodes = 3,
        Shards = 8,
        Workloads = [new("saga-orders", Clients: 8)],
        Faults = OrderFaults.All,
        Promised =
        [
            "every order ends: complete at all three participants, or without effect at all of them",
            "what a client was told of its order's end is so",
            "each order takes effect once: nothing is made or lost in any ledger",
        ],
        NotPromised =
        [
            "isolation: readers see orders half-way, also such as are compensated later (two-phase-commit)",
            "an answer within the client's patience: an order goes on without it",
        ],
        RecoversWithin = TimeSpan.FromSeconds(30),
        Bugs =
        [
            new("compensate-twice", "A compensation that is sent again gives back again: the customer is refunded twice.", ["compensate-twice"])
            {
                Workloads = [new("saga-orders", Clients: 16)],

                // So slow that a compensation and the word of it in the log are far apart: whoever dies in between leaves it to be done again.
                Faults = OrderFaults.SlowAndDeadly with { Shares = [new(FaultType.Delay, "all", Weight: 3, Amount: "150ms"), new(FaultType.Kill, "one"), new(FaultType.Kill, "leader")] },
            },
            new("silence-is-refusal", "A step whose answer did not come is taken for one that did not happen: it stays though the rest is compensated.", ["silence-is-refusal"])
            {
                Workloads = [new("saga-orders", Clients: 16)],
                Faults = OrderFaults.SlowAndDeadly,
            },
        ],
    };
}
