using Cluster.Shared.Scenarios;

namespace Cluster.Modes.DistributedDatabase;

/// <summary>Keys, a bank and lists whose transactions cross ranges and shards, while nodes and with them coordinators are killed, stopped and cut off. Then three promises of a coordinator broken.</summary>
public static class DistributedDatabaseLab
{
    private static readonly ScenarioWorkload Keys = new("register", Clients: 3) { Store = DistributedDatabaseMode.Slug, Keys = 6 };

    private static readonly ScenarioWorkload Bank = new("bank", Clients: 4) { Store = DistributedDatabaseMode.Slug, Keys = 8, WriteDial = Isolated(DatabaseOperations.Snapshot) };

    private static readonly ScenarioWorkload Lists = new("list-append", Clients: 4) { Store = DistributedDatabaseMode.Slug, Keys = 6, WriteDial = Isolated(DatabaseOperations.Serializable) };

    private static readonly ScenarioWorkload SnapshotLists = Lists with { Clients = 3, WriteDial = Isolated(DatabaseOperations.Snapshot), Checkers = ["snapshot-isolation"] };

    public static Scenario Scenario { get; } = new(
        DistributedDatabaseMode.Slug,
        "A distributed database: transactions over replicated ranges",
        "Does every transaction take effect whole or not at all, and as if alone, though its coordinator dies between prepare and commit?")
    {
        Nodes = 3,
        Shards = 8,
        Span = TimeSpan.FromSeconds(20),
        Workloads = [Keys, Bank, Lists, SnapshotLists],
        Faults = new FaultMix(
        [
            new(FaultType.Kill, "one", Weight: 3),
            new(FaultType.Kill, "leader", Weight: 2),
            new(FaultType.PowerLoss, "one"),
            new(FaultType.Restart, "one", Weight: 2),
            new(FaultType.Pause, "one", Weight: 2),
            new(FaultType.Cut, "one", Weight: 2),
            new(FaultType.CutOut, "one"),
            new(FaultType.Halves, "all"),
            new(FaultType.Delay, "one", Amount: "40ms"),
            new(FaultType.Loss, "all", Amount: "5%"),
            new(FaultType.Duplicate, "all", Amount: "10%"),
            new(FaultType.SlowDisk, "one", Amount: "40ms"),
            new(FaultType.ClockSkew, "one", Amount: "10s"),
        ])
        {
            AtOnce = 1,
        },
        Promised =
        [
            "a transaction takes effect whole or not at all, whoever dies at whatever step of it",
            "isolation=serializable: no cycle of any kind, and transactions keep real-time order among themselves",
            "isolation=snapshot: each reads one instant, and of two that write a key at the same time one begins anew",
            "get, put, delete and cas of a key: as on one copy",
            "who asks again with the id of a transaction is told the first outcome",
        ],
        NotPromised =
        [
            "that isolation=snapshot keeps what two transactions read and each writes half of (write skew)",
            "that a transaction or a scan which runs meanwhile sees two puts, one after the other and in different ranges, in that order: who needs it writes by txn",
            "any answer where a range, or the oracle, has no majority",
            "that a transaction gets through where many write the same keys: it is told to try again",
        ],
        Bugs =
        [
            new(DistributedDatabaseMode.NoIntentCheck, "Transactions look neither at others' intents nor at newer versions: they overwrite each other.", [DistributedDatabaseMode.NoIntentCheck])
            {
                Workloads = [Bank with { Clients = 6 }, Lists with { Clients = 6 }],
                Faults = Slow,
            },
            new(DistributedDatabaseMode.SkipRefresh, "Serializable transactions commit without a look whether what they read still stands: write skew.", [DistributedDatabaseMode.SkipRefresh])
            {
                Workloads = [Lists with { Clients = 10, Keys = 3 }],
                Faults = Slow,
            },
            new(DistributedDatabaseMode.CommitBeforeIntents, "The decision is written when one range has its intents; the others get theirs after it, and a reader in between sees half of the transaction.", [DistributedDatabaseMode.CommitBeforeIntents])
            {
                Workloads = [Bank with { Clients = 8, Keys = 6 }],
                Faults = Slow,
            },
        ],
    };

    /// <summary>A slow node, so that transactions overlap, and now and then one that dies.</summary>
    private static FaultMix Slow => new([new(FaultType.Delay, "one", Weight: 3, Amount: "20ms"), new(FaultType.Kill, "one")]) { AtOnce = 1 };

    private static Dictionary<string, string> Isolated(string isolation) => new() { [DatabaseOperations.Isolation] = isolation };
}
