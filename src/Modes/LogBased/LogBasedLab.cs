using Cluster.Shared.Scenarios;

namespace Cluster.Modes.LogBased;

/// <summary>Producers that send again what they are not sure of, consumers that share partitions and fall asleep, while leaders die, stop and are cut off; then four ways to build it wrong.</summary>
public static class LogBasedLab
{
    /// <summary>Keys on the topic that holds them, read up to the end of the log: one register for each key.</summary>
    private static readonly ScenarioWorkload Keys = new("register", Clients: 3) { Store = LogBasedMode.Slug, CasPercent = 0, Keys = 8, Pause = TimeSpan.FromMilliseconds(30) };

    /// <summary>The same read from each node's view as far as it has come: stale while a node lags, and the same everywhere in the end.</summary>
    private static readonly ScenarioWorkload Views = new("versions", Clients: 3)
    {
        Store = LogBasedMode.Slug,
        ReadPercent = 60,
        Pause = TimeSpan.FromMilliseconds(30),
        ReadDial = new Dictionary<string, string> { [LogBasedOperations.Read] = LogBasedOperations.Local },
        ConvergesWithin = TimeSpan.FromSeconds(20),
        Checkers = ["convergence"],
    };

    public static Scenario Scenario { get; } = new(
        LogBasedMode.Slug,
        "Log-based: a partitioned, replicated log",
        "Does a record that was acknowledged keep its place, and is each record processed exactly once, though leaders, producers and consumers may die between any two steps?")
    {
        Nodes = 3,
        Shards = 6,
        Workloads = [new("partitioned-log", Clients: 6), new("log-pipeline", Clients: 5), Keys, Views],
        Faults = new FaultMix(
        [
            new(FaultType.Kill, "one"),
            new(FaultType.Kill, "leader", Weight: 3),
            new(FaultType.Restart, "one"),
            new(FaultType.PowerLoss, "one"),
            new(FaultType.PowerLoss, "all"),
            new(FaultType.Pause, "leader", Weight: 2),
            new(FaultType.Cut, "leader", Weight: 2),
            new(FaultType.CutIn, "one"),
            new(FaultType.CutOut, "leader"),
            new(FaultType.Delay, "one", Amount: "60ms"),
            new(FaultType.Loss, "all", Amount: "5%"),
            new(FaultType.ClockSkew, "leader", Amount: "5s"),
        ]),
        Promised =
        [
            "a record that was acknowledged keeps its offset: none is lost, reordered or seen in two places, at whichever replica",
            "a batch that its producer sends again, to whichever node, stands there once",
            "consume, process, produce: each record of the input makes one of the output, in order, whoever of the group sleeps or dies",
            "a table that a node has kept up equals what the log says from its beginning",
            "keys, read=latest: linearizable reads and writes of each; read=local: all nodes come to say the same",
        ],
        NotPromised =
        [
            "an order between two partitions",
            "a compare-and-set: an append does not look at what was there",
            "that read=local sees the newest: a node that is cut off may be behind by as long as it is",
            "one transaction over partitions of two shards: input and output have one hash tag and one number",
            "appends on the side of a partition that holds no majority: it refuses, and its replicas still answer reads",
        ],
        Bugs =
        [
            new(LogBasedFlaws.RetryAppendsTwice, "A batch that is sent again is taken for a new one: the record stands there twice.", [LogBasedFlaws.RetryAppendsTwice])
            {
                Workloads = [new("partitioned-log", Clients: 16) { ReadPercent = 10 }],
                Faults = Interrupted,
            },
            new(LogBasedFlaws.ZombieCommits, "A commit is taken under any generation: a member that slept makes once more what its successor has made.", [LogBasedFlaws.ZombieCommits])
            {
                Workloads = [new("log-pipeline", Clients: 8)],
                Faults = new FaultMix([new(FaultType.Kill, "one"), new(FaultType.Restart, "one")]) { LengthMax = TimeSpan.FromSeconds(1), AtOnce = 1 },
            },
            new(LogBasedFlaws.CommitApart, "The offset is committed before the output is appended, apart: what fails between the two is skipped.", [LogBasedFlaws.CommitApart])
            {
                Workloads = [new("log-pipeline", Clients: 12) { Keys = 3, Pause = TimeSpan.FromMilliseconds(10) }],

                // It shows where the node dies that does the one and then the other: as often as it can be back.
                Faults = new FaultMix([new(FaultType.Restart, "one")]) { GapMin = TimeSpan.FromSeconds(0.8), GapMax = TimeSpan.FromSeconds(1.2) },
            },
            new("ack-before-disk", "A replica says that a batch is on disk before it is: what was acknowledged is gone with the power.", ["no-fsync"])
            {
                Workloads = [new("partitioned-log", Clients: 8) { ReadPercent = 30 }],
                Faults = new FaultMix([new(FaultType.PowerLoss, "all")])
                {
                    GapMin = TimeSpan.FromSeconds(3),
                    GapMax = TimeSpan.FromSeconds(6),
                    LengthMin = TimeSpan.FromSeconds(0.5),
                    LengthMax = TimeSpan.FromSeconds(1),
                    AtOnce = 1,
                },
            },
        ],
    };

    /// <summary>Messages are slow, so that many a request is half-way at any moment, and whoever serves it dies often.</summary>
    private static FaultMix Interrupted => new([new(FaultType.Delay, "all", Weight: 2, Amount: "40ms"), new(FaultType.Kill, "one", Weight: 2), new(FaultType.Kill, "leader"), new(FaultType.Restart, "one", Weight: 3)])
    {
        GapMin = TimeSpan.FromSeconds(0.5),
        GapMax = TimeSpan.FromSeconds(1),
        LengthMin = TimeSpan.FromSeconds(0.5),
        LengthMax = TimeSpan.FromSeconds(1.5),
        AtOnce = 2,
    };
}
