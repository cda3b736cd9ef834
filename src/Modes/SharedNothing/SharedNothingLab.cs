using Cluster.Shared.Scenarios;

namespace Cluster.Modes.SharedNothing;

/// <summary>Keys, counters, sets, accounts and transactions on three nodes that are killed, stopped, cut off and starved; then four ways to build it wrong.</summary>
public static class SharedNothingLab
{
    public static Scenario Scenario { get; } = new(
        SharedNothingMode.Slug,
        "Shared nothing: replicated shards",
        "Do clients of three nodes that share nothing see a single copy of every key, and keep all that was acknowledged, whatever happens to any one of them?")
    {
        Nodes = 3,
        Shards = 8,
        Workloads =
        [
            new("kv", Clients: 6),
            new("set", Clients: 1),
            new("bank", Clients: 2),
            new("list-append", Clients: 3),
            new("register", Clients: 2) { Store = SharedNothingMode.Slug, Keys = 6 },
        ],
        Faults = new FaultMix(
        [
            new(FaultType.Kill, "one"),
            new(FaultType.Kill, "leader", Weight: 2),
            new(FaultType.Restart, "one"),
            new(FaultType.PowerLoss, "one"),
            new(FaultType.PowerLoss, "all"),
            new(FaultType.BitFlip, "one"),
            new(FaultType.Pause, "one"),
            new(FaultType.Pause, "leader", Weight: 2),
            new(FaultType.Cut, "leader", Weight: 2),
            new(FaultType.Cut, "minority"),
            new(FaultType.Disconnect, "one", Weight: 2),
            new(FaultType.CutIn, "one"),
            new(FaultType.CutOut, "leader"),
            new(FaultType.Halves, "all"),
            new(FaultType.Bridge, "one"),
            new(FaultType.Ring, "all"),
            new(FaultType.Delay, "one", Amount: "80ms"),
            new(FaultType.Loss, "all", Amount: "5%"),
            new(FaultType.Duplicate, "all", Amount: "20%"),
            new(FaultType.Reorder, "all", Amount: "20%"),
            new(FaultType.Throttle, "one", Amount: "64KB/s"),
            new(FaultType.SlowDisk, "leader", Amount: "40ms"),
            new(FaultType.FullDisk, "one"),
            new(FaultType.FailFsync, "one"),
            new(FaultType.ClockSkew, "one", Amount: "5s"),
            new(FaultType.ClockDrift, "one", Amount: "1.03"),
        ]),
        Promised =
        [
            "linearizable reads and writes of each key, also in transactions within one shard",
            "what was acknowledged is kept, though every node loses power at once",
            "a node whose log is damaged refuses to start, and serves nothing of it",
            "a shard serves again by itself once a majority of its replicas can talk",
        ],
        NotPromised =
        [
            "answers on the side of a partition that holds no majority: it refuses",
            "transactions over several shards (distributed-database)",
            "linearizable lease reads where clocks drift apart by more than 5 %",
        ],
        Bugs =
        [
            new("stale-read", "A leader answers reads without asking a majority whether it still leads: one that was deposed gives old values.", ["stale-read"])
            {
                JudgedByClientsOnly = true,

                // One shard, and clients that only read: whoever asks for a key of another leader, or writes, waits at a leader that is cut off, and reads nothing there meanwhile.
                Shards = 1,
                Workloads = [new("kv", Clients: 15) { Readers = 9, Keys = 4, Pause = TimeSpan.FromMilliseconds(10) }],
                Faults = new FaultMix([new(FaultType.Cut, "leader", Weight: 3), new(FaultType.CutIn, "leader"), new(FaultType.Pause, "leader")])
                {
                    GapMin = TimeSpan.FromSeconds(2),
                    GapMax = TimeSpan.FromSeconds(3),
                    LengthMin = TimeSpan.FromSeconds(1.5),
                    LengthMax = TimeSpan.FromSeconds(2),
                    AtOnce = 1,
                },
            },
            new("no-fsync", "The log says that a write is on disk before it is: what was acknowledged is gone with the power.", ["no-fsync"])
            {
                Workloads = [new("kv", Clients: 8) { ReadPercent = 30 }],
                Faults = new FaultMix([new(FaultType.PowerLoss, "all")])
                {
                    GapMin = TimeSpan.FromSeconds(3),
                    GapMax = TimeSpan.FromSeconds(6),
                    LengthMin = TimeSpan.FromSeconds(0.5),
                    LengthMax = TimeSpan.FromSeconds(1),
                    AtOnce = 1,
                },
            },
            new("vote-twice", "A replica votes for every candidate of a term: two leaders of one term overwrite each other's entries.", ["vote-twice"])
            {
                Nodes = 5,
                Workloads = [new("kv", Clients: 10) { ReadPercent = 40 }],
                Faults = new FaultMix([new(FaultType.Delay, "all", Weight: 3, Amount: "120ms"), new(FaultType.Kill, "leader", Weight: 2), new(FaultType.Cut, "leader", Weight: 2)])
                {
                    LengthMin = TimeSpan.FromSeconds(1.5),
                    LengthMax = TimeSpan.FromSeconds(4),
                    AtOnce = 3,
                },
            },
            new("forget-session", "A retried request is executed again: an increment counts twice.", ["forget-session"])
            {
                Workloads = [new("counter", Clients: 10) { ReadPercent = 20 }],
                Faults = new FaultMix([new(FaultType.Cut, "leader"), new(FaultType.Kill, "leader"), new(FaultType.Loss, "all", Weight: 2, Amount: "20%")]),
            },
        ],
    };
}
