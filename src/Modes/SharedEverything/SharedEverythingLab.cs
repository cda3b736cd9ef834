using Cluster.Shared.Scenarios;

namespace Cluster.Modes.SharedEverything;

/// <summary>Clients at three nodes on one PostgreSQL: nodes die, stop and are cut off from each other, and so does the database. Then three ways to use it wrong.</summary>
public static class SharedEverythingLab
{
    private static readonly ScenarioWorkload Registers = new("register", Clients: 9) { Store = SharedEverythingMode.Slug, Checkers = ["register", "database-outage"] };

    private static readonly ScenarioWorkload Versions = new("versions", Clients: 3) { Store = SharedEverythingMode.Slug, Checkers = ["acknowledged", "register"] };

    public static Scenario Scenario { get; } = new(
        SharedEverythingMode.Slug,
        "Shared everything: all nodes on one PostgreSQL",
        "What does a cluster give whose nodes share one database, and what is left of it when that database dies?")
    {
        Nodes = 3,
        Shards = 4,
        Backends = [ScenarioBackend.Process, ScenarioBackend.Compose, ScenarioBackend.Remote],
        NeedsPostgres = true,
        Workloads = [Registers, Versions],
        Span = TimeSpan.FromSeconds(20),
        Faults = new FaultMix(
        [
            new(FaultType.Kill, "database", Weight: 3),
            new(FaultType.Pause, "database", Weight: 2),
            new(FaultType.Restart, "database"),
            new(FaultType.Kill, "one", Weight: 2),
            new(FaultType.Pause, "one", Weight: 2),
            new(FaultType.Cut, "one", Weight: 2),
        ])
        {
            GapMin = TimeSpan.FromSeconds(1.5),
            GapMax = TimeSpan.FromSeconds(3),
            LengthMin = TimeSpan.FromSeconds(0.8),
            LengthMax = TimeSpan.FromSeconds(2),
        },
        Promised =
        [
            "reads, writes and compare-and-sets of a key are linearizable, through whatever nodes they come",
            "what was acknowledged is there after the database's crash",
            "a transaction whose answer was lost takes effect once: the node finds it again by its request's id",
            "a node that dies, stops or is cut off from the others takes nothing with it, and keeps nobody from a key for more than a second",
            "nodes come back to a database that is back by themselves; while it is away they say so at once, and serve every other mode",
        ],
        NotPromised =
        [
            "any answer while the database is away: it is the single point of failure",
            "anything once the database's disk is gone: there is no second copy",
            "more throughput with more nodes: the database is the bottleneck",
        ],
        Bugs =
        [
            new("read-then-write", "A compare-and-set reads without the row's lock and writes blindly: of two at once both succeed, and one is lost.", [SharedEverythingMode.ReadThenWrite])
            {
                Faults = new FaultMix([new(FaultType.Pause, "one")]) { LengthMax = TimeSpan.FromSeconds(1) },
                Workloads = [Registers with { Keys = 3, ReadPercent = 30, CasPercent = 60, Checkers = ["register"] }],
            },
            new("unsynced", "Commits are answered before the database's disk has them: its crash takes what was acknowledged last.", [SharedEverythingMode.Unsynced])
            {
                Faults = new FaultMix([new(FaultType.Kill, "database")]) { GapMin = TimeSpan.FromSeconds(3), GapMax = TimeSpan.FromSeconds(4), LengthMin = TimeSpan.FromSeconds(0.5), LengthMax = TimeSpan.FromSeconds(1), AtOnce = 1 },
                Workloads = [Registers with { ReadPercent = 30, Checkers = ["register"] }, Versions with { Clients = 6, ReadPercent = 20, Checkers = ["acknowledged"] }],
            },
            new("retry-twice", "A transaction whose answer was lost is sent again under a new id: it takes effect twice, or is denied though it took effect.", [SharedEverythingMode.RetryTwice])
            {
                Faults = new FaultMix([new(FaultType.Pause, "database")]) { GapMin = TimeSpan.FromSeconds(1.5), GapMax = TimeSpan.FromSeconds(2), LengthMin = TimeSpan.FromSeconds(1.8), LengthMax = TimeSpan.FromSeconds(2.2), AtOnce = 1 },
                Workloads = [.. Enumerable.Repeat(Registers with { Clients = 6, Keys = 6, ReadPercent = 45, CasPercent = 55, Pause = TimeSpan.FromMilliseconds(1), Checkers = ["register"] }, 6)], // Few clients a key: a compare-and-set that succeeds and is told a conflict shows it best.
            },
        ],
    };
}
