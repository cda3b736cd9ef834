using Cluster.Modes.Shop;
using Cluster.Shared.Scenarios;

namespace Cluster.Modes.TwoPhaseCommit;

/// <summary>Orders, half of them doomed, with local and replicated coordinators, while nodes are killed, stopped and cut off; then the coordinator's and the participant's promise broken.</summary>
public static class TwoPhaseCommitLab
{
    public static Scenario Scenario { get; } = new(
        TwoPhaseCommitMode.Slug,
        "Two-phase commit: all of an order at one instant, or nothing",
        "Does every order commit at all participants or at none, and does nobody see it half-way, though coordinators and participants die at any message? And who has to wait meanwhile?")
    {
        Nodes = 3,
        Shards = 8,
        Workloads = [new("two-phase-commit-orders", Clients: 8) { Keys = 16 }],
        Faults = OrderFaults.All,
        Promised =
        [
            "every order ends: committed at all three participants, or at none",
            "nobody sees an order half-way: who looks while it is in doubt waits",
            "what a client was told is decided: it does not change, whoever dies then",
        ],
        NotPromised =
        [
            "progress while a coordinator with a local log is away: what it has locked stays locked (blocking)",
            "that an order gets its locks: one that waits too long is aborted",
        ],
        Bugs =
        [
            new("commit-without-all-votes", "The coordinator commits when a majority has voted yes: who voted no is left behind.", ["commit-without-all-votes"])
            {
                Faults = new FaultMix([new(FaultType.Delay, "one", Amount: "40ms"), new(FaultType.Kill, "one")]),
            },
            new("impatient-participant", "A participant that has voted yes aborts by itself when it hears nothing: the others commit without it.", ["impatient-participant"])
            {
                Workloads = [new("two-phase-commit-orders", Clients: 16) { Keys = 48 }],
                Faults = OrderFaults.SlowAndDeadly,
            },
        ],
    };
}
