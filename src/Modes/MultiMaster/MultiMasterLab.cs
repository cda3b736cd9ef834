using Cluster.Shared.Scenarios;

namespace Cluster.Modes.MultiMaster;

/// <summary>Clients write on all sides of partitions: registers, counters, sets, and carts kept in siblings. Afterwards every node is asked for every key. Then three ways to merge it wrong.</summary>
public static class MultiMasterLab
{
    /// <summary>For an exchange or two after the last fault, at the pace of quiet times.</summary>
    private static readonly TimeSpan Convergence = TimeSpan.FromSeconds(20);

    /// <summary>Clients hand on the time that they have seen: so it is known which write came after which, over all nodes.</summary>
    private static readonly ScenarioWorkload Registers = new("register", Clients: 5)
    {
        Store = MultiMasterMode.Slug,
        CarriesToken = true,
        TellsVersions = true,
        CasPercent = 0,
        Pause = TimeSpan.FromMilliseconds(8),
        ConvergesWithin = Convergence,
        Checkers = ["last-writer", "convergence"],
    };

    private static readonly ScenarioWorkload Counters = new("counter", Clients: 3) { Store = MultiMasterMode.Slug, Pause = TimeSpan.FromMilliseconds(12), ConvergesWithin = Convergence, Checkers = ["pn-counter", "convergence"] };

    private static readonly ScenarioWorkload Sets = new("or-set", Clients: 3) { Store = MultiMasterMode.Slug, Pause = TimeSpan.FromMilliseconds(12), ConvergesWithin = Convergence };

    private static readonly ScenarioWorkload Carts = new("cart", Clients: 3) { Store = MultiMasterMode.Slug, Pause = TimeSpan.FromMilliseconds(12), ConvergesWithin = Convergence };

    public static Scenario Scenario { get; } = new(
        MultiMasterMode.Slug,
        "Writes on every side, merged afterwards",
        "What comes of two values for one key that were both acknowledged, on two sides of a partition?")
    {
        Nodes = 3,
        Shards = 1,
        Workloads = [Registers, Counters, Sets, Carts],
        Faults = new FaultMix(
        [
            new(FaultType.Halves, "all", Weight: 3),
            new(FaultType.Cut, "one", Weight: 2),
            new(FaultType.CutIn, "one"),
            new(FaultType.CutOut, "one"),
            new(FaultType.Loss, "all", Amount: "15%"),
            new(FaultType.Duplicate, "all", Amount: "30%"),
            new(FaultType.Reorder, "all", Amount: "30%"),
            new(FaultType.Kill, "one"),
            new(FaultType.PowerLoss, "one"),
            new(FaultType.Pause, "one"),
            new(FaultType.ClockSkew, "one", Weight: 2, Amount: "2s"),
            new(FaultType.ClockSkew, "one", Amount: "-2s"),
        ]),
        Promised =
        [
            "every node that is up takes writes and reads, on every side of a partition",
            "once the partition has healed, every node says the same of every key",
            "no acknowledged increment, no acknowledged addition to a set or a map, and no sibling is lost; none counts twice",
            "a register's later write wins: one that was made by somebody who had seen another never loses against it, whatever the clocks say",
        ],
        NotPromised =
        [
            "a read of what another node has acknowledged just now",
            "each acknowledged write of an lww register: of two that were made side by side one is lost; how many were, the card counts",
            "compare-and-set, or any rule over several keys: no node can judge it alone",
            "an acknowledged write whose node loses its disk before it has told another",
        ],
        Bugs =
        [
            new(MultiMasterMode.WallClock, "Writes are stamped with the wall clock alone: where clocks differ, a later write loses against an earlier one.", [MultiMasterMode.WallClock])
            {
                Workloads = [Registers with { Clients = 8, Keys = 12 }],
                Faults = new FaultMix([new(FaultType.ClockSkew, "one", Weight: 2, Amount: "2s"), new(FaultType.ClockSkew, "one", Amount: "-2s"), new(FaultType.Cut, "one")]),
            },
            new(MultiMasterMode.CounterSumsTwice, "Two counts of one replica are summed: what is merged twice counts twice.", [MultiMasterMode.CounterSumsTwice])
            {
                Workloads = [Counters with { Clients = 6 }],
                Faults = new FaultMix([new(FaultType.Duplicate, "all", Amount: "30%"), new(FaultType.Halves, "all")]),
            },
            new(MultiMasterMode.DropsSiblings, "Of siblings the latest is kept: what was put into the cart on the other side is gone.", [MultiMasterMode.DropsSiblings])
            {
                Workloads = [Carts with { Clients = 9 }],
                Faults = new FaultMix([new(FaultType.Halves, "all", Weight: 2), new(FaultType.Cut, "one")]),
            },
        ],
    };
}
