using Cluster.Shared.Scenarios;

namespace Cluster.Modes.LeaderFollower;

/// <summary>Writes that wait for no, one and all followers, and reads of leader and followers, while leaders die, stop and are cut off. Then two ways to build the failover wrong.</summary>
public static class LeaderFollowerLab
{
    private static readonly ScenarioWorkload Registers = new("register", Clients: 6) { Store = LeaderFollowerMode.Slug };

    public static Scenario Scenario { get; } = new(
        LeaderFollowerMode.Slug,
        "Leader and followers: what a failover loses",
        "What does a failover lose, by how long a write waited, and how old is what a follower says?")
    {
        Nodes = 3,
        Shards = 4,
        Workloads =
        [
            Registers,
            new("versions", Clients: 3)
            {
                Store = LeaderFollowerMode.Slug,
                WriteDial = new Dictionary<string, string> { ["ack"] = "sync" },
                ReadDial = new Dictionary<string, string> { ["from"] = "any", ["max-lag"] = "3s" },
                Checkers = ["acknowledged", "staleness"],
                ConvergesWithin = TimeSpan.FromSeconds(20),
            },
            new("register", Clients: 3)
            {
                Store = LeaderFollowerMode.Slug,
                WriteDial = new Dictionary<string, string> { ["ack"] = "async" },
                ReadDial = new Dictionary<string, string> { ["from"] = "any" },
                Checkers = ["convergence"],
                ConvergesWithin = TimeSpan.FromSeconds(20),
            },
        ],
        Faults = new FaultMix(
        [
            new(FaultType.Kill, "one", Weight: 2),
            new(FaultType.PowerLoss, "one", Weight: 2),
            new(FaultType.Restart, "one"),
            new(FaultType.Pause, "one", Weight: 2),
            new(FaultType.Cut, "one", Weight: 2),
            new(FaultType.CutIn, "one"),
            new(FaultType.CutOut, "one"),
            new(FaultType.Loss, "all", Amount: "10%"),
            new(FaultType.Duplicate, "all", Amount: "10%"),
            new(FaultType.SlowDisk, "one", Amount: "50ms"),
        ])
        {
            GapMin = TimeSpan.FromSeconds(1),
            GapMax = TimeSpan.FromSeconds(3),
            LengthMin = TimeSpan.FromSeconds(1),
            LengthMax = TimeSpan.FromSeconds(4),
        },
        Promised =
        [
            "reads at the leader, and writes and compare-and-sets with ack=semi or ack=sync, are linearizable across failovers",
            "what was acknowledged with ack=semi or ack=sync is there after any failover: only a replica in sync that has it is promoted",
            "one leader an epoch; a deposed leader answers no read and commits nothing, and takes back what only it had",
            "a read of any copy is of something committed, and with max-lag no further behind than that, or refused",
        ],
        NotPromised =
        [
            "what was acknowledged with ack=async and had not reached a follower when the leader was lost: counted in leader-follower.lost, and told with its window when the old leader comes back",
            "that a client's own writes, or newer values it has seen, are in the copy that it reads with from=any",
            "writes and linearizable reads until a failover is through, some two seconds; or while all replicas in sync are away",
            "anything after an operator's promote of a replica that was not in sync",
            "linearizable reads if two nodes' clocks run at rates that differ by more than a fifth: the lease rests on that",
        ],
        Bugs =
        [
            new("unfenced", "A leader that hears nobody goes on alone, and believes in no newer epoch: two leaders answer.", [LeaderFollowerMode.Unfenced])
            {
                Faults = Often([new(FaultType.Cut, "n1", Weight: 3), new(FaultType.Cut, "one")]) with { AtOnce = 1 },
                Workloads = [Registers with { Clients = 9, Keys = 6 }],
            },
            new("promote-stale", "Whichever replica misses its leader first is promoted, in sync or not: what it lacks is lost.", [LeaderFollowerMode.PromoteStale])
            {
                Faults = Often([new(FaultType.Loss, "all", Weight: 2, Amount: "30%"), new(FaultType.Pause, "n1"), new(FaultType.Pause, "one"), new(FaultType.Bridge, "n3"), new(FaultType.Bridge, "n2")]),
                Workloads = [Registers with { Clients = 9, Keys = 6 }],
            },
        ],
    };

    /// <summary>Long enough for a failover while the old leader, mostly the first node, still has clients.</summary>
    private static FaultMix Often(IReadOnlyList<FaultShare> shares) => new(shares)
    {
        GapMin = TimeSpan.FromSeconds(0.5),
        GapMax = TimeSpan.FromSeconds(1),
        LengthMin = TimeSpan.FromSeconds(3),
        LengthMax = TimeSpan.FromSeconds(4),
    };
}
