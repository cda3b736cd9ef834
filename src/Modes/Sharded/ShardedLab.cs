using Cluster.Shared.Scenarios;

namespace Cluster.Modes.Sharded;

/// <summary>Clients on tables that begin with one shard and are split and moved while owners are killed, stopped and cut off. Then two ways to find a key's owner wrong.</summary>
public static class ShardedLab
{
    private static readonly ScenarioWorkload[] Tables = [On(Partitioning.Range, 4), On(Partitioning.Hash, 3), On(Partitioning.List, 2), On(Partitioning.List, 2)];

    public static Scenario Scenario { get; } = new(
        ShardedMode.Slug,
        "Sharded: one owner a key, and a map",
        "Does a shard that is cut in two and moved under load lose a write, or answer from a place that is not its own any more?")
    {
        Nodes = 3,
        Shards = 4,
        Span = TimeSpan.FromSeconds(20),
        Workloads = Tables,
        Faults = new FaultMix(
        [
            new(FaultType.Kill, "one", Weight: 2),
            new(FaultType.PowerLoss, "one"),
            new(FaultType.Restart, "one"),
            new(FaultType.Pause, "one"),
            new(FaultType.Cut, "one"),
            new(FaultType.CutOut, "one"),
            new(FaultType.SlowDisk, "one", Amount: "40ms"),
            new(FaultType.Loss, "all", Weight: 2, Amount: "10%"),
            new(FaultType.Duplicate, "all", Amount: "10%"),
            new(FaultType.Reorder, "all", Amount: "20%"),
            new(FaultType.Delay, "all", Amount: "20ms"),
        ])
        {
            // Splits and moves come every two seconds: between faults there is time for some, and some are hit half-way.
            GapMin = TimeSpan.FromSeconds(1.5),
            GapMax = TimeSpan.FromSeconds(4),
            AtOnce = 1,
        },
        Promised =
        [
            "reads, writes and compare-and-sets of a key are linearizable, through every split and move of its shard",
            "what an owner acknowledged is there after it was killed or lost its power, wherever its shard has gone",
            "a call that is sent again takes effect once, also where the shard has moved in between",
            "a shard that moves fails no request: calls wait for some milliseconds, or are sent to the new owner",
        ],
        NotPromised =
        [
            "an answer for a shard whose owner is away or cut off: a shard has one copy (shared-nothing has three)",
            "anything of a shard once its owner's disk is gone, or its owner has left before its shards were moved away",
            "that a hot key is spread: a split divides places, not one place",
        ],
        Bugs =
        [
            new(ShardedMode.HashModN, "No map: a key's owner is hash % n of the nodes that can be reached. When n changes, two of three keys have another owner, where nothing of them is.", [ShardedMode.HashModN])
            {
                Faults = new FaultMix([new(FaultType.Kill, "one", Weight: 2), new(FaultType.Pause, "one"), new(FaultType.Cut, "one")])
                {
                    // Longer than a failure detector takes to be sure, so that n changes.
                    LengthMin = TimeSpan.FromSeconds(5),
                    LengthMax = TimeSpan.FromSeconds(7),
                    AtOnce = 1,
                },
            },
            new(ShardedMode.NoEpochCheck, "Owners look at no epoch: who comes by an old map is served from a shard that was given away.", [ShardedMode.NoEpochCheck])
            {
                Workloads = [On(Partitioning.Range, 6), On(Partitioning.Hash, 6)],
                Faults = new FaultMix([new(FaultType.Delay, "all", Amount: "10ms")]),
            },
        ],
    };

    private static ScenarioWorkload On(string table, int clients)
    {
        var dial = new Dictionary<string, string> { [ShardedOperations.By] = table };
        return new ScenarioWorkload("register", clients) { Store = ShardedMode.Slug, ReadDial = dial, WriteDial = dial };
    }
}
