using Cluster.Shared.Scenarios;

namespace Cluster.Modes.Quorum;

/// <summary>
/// Three dials side by side on five nodes: quorums that meet, judged as one register; single copies, judged by whether all copies agree in the end; sloppy quorums, judged by whether what was acknowledged is there.
/// Nodes are killed, stopped, cut off and lose their power, links lose, double and reorder, clocks are wrong. Then three ways to build it wrong.
/// </summary>
public static class QuorumLab
{
    /// <summary>Anti-entropy compares with each of the others within as many seconds as there are; a few rounds may be lost, and hints come first.</summary>
    private static readonly TimeSpan ConvergesWithin = TimeSpan.FromSeconds(40);

    /// <summary>Quorums that meet: one register for each key, no compare-and-set.</summary>
    private static readonly ScenarioWorkload Strict = new("register", Clients: 6) { Store = QuorumMode.Slug, CasPercent = 0, Keys = 10 };

    /// <summary>One copy for each request: in the end every node is asked for its own.</summary>
    private static readonly ScenarioWorkload Single = new("register", Clients: 3)
    {
        Store = QuorumMode.Slug,
        CasPercent = 0,
        Keys = 24,
        ReadDial = Dial(("r", "1"), ("w", "1")),
        WriteDial = Dial(("r", "1"), ("w", "1")),
        ConvergesWithin = ConvergesWithin,
        Checkers = ["convergence"],
    };

    /// <summary>Whoever is there takes the write, for whoever is not. Each key is written once, so nothing that is lost is covered up.</summary>
    private static readonly ScenarioWorkload Sloppy = new("inserts", Clients: 5)
    {
        Store = QuorumMode.Slug,
        ReadPercent = 20,
        Pause = TimeSpan.FromMilliseconds(100),
        ReadDial = Dial(("r", "1"), ("w", "1"), ("sloppy", "yes")),
        WriteDial = Dial(("r", "2"), ("w", "2"), ("sloppy", "yes")),
        ConvergesWithin = ConvergesWithin,
        Checkers = ["acknowledged", "convergence"],
    };

    public static Scenario Scenario { get; } = new(
        QuorumMode.Slug,
        "Quorums without a leader",
        "What does a read see when R+W>N, what when not, and what becomes of what a node has missed?")
    {
        Nodes = 5,
        Shards = 2,
        Workloads = [Strict, Single, Sloppy],
        Faults = new FaultMix(
        [
            new(FaultType.Kill, "one", Weight: 2),
            new(FaultType.PowerLoss, "one", Weight: 2),
            new(FaultType.Pause, "one"),
            new(FaultType.Cut, "one", Weight: 2),
            new(FaultType.CutIn, "one"),
            new(FaultType.CutOut, "one"),
            new(FaultType.Halves, "all", Weight: 2),
            new(FaultType.Delay, "all", Amount: "30ms"),
            new(FaultType.Loss, "all", Weight: 2, Amount: "10%"),
            new(FaultType.Duplicate, "all", Amount: "10%"),
            new(FaultType.Reorder, "all", Amount: "20%"),
            new(FaultType.ClockSkew, "one", Amount: "5s"),
        ]),
        Promised =
        [
            "r=2 w=2: reads and writes of a key are linearizable, whichever nodes coordinate them",
            "r=1 w=1: when nobody writes any more, all copies of a key come to say the same",
            "sloppy=yes: what was acknowledged is there when everybody is back, also where only stand-ins had taken it",
        ],
        NotPromised =
        [
            "compare-and-set: no node decides for a key, so two that expect the same value can both find it",
            "that a read with r+w<=3 or a sloppy quorum sees the last write",
            "linearizable registers while members join or leave: quorums of the old and of the new members need not meet",
            "an answer with r=2 w=2 where two of the key's three copies cannot be reached",
        ],
        Bugs =
        [
            new(QuorumMode.NoWriteBack, "Readers answer what they saw and write nothing back: the next read may ask copies that have not got it.", [QuorumMode.NoWriteBack])
            {
                // Two of three disks are slow: a write is on one copy for a while before it is on a quorum, and readers meet it half-way.
                Nodes = 3,
                Workloads = [Strict with { Clients = 10, Readers = 6, Keys = 3 }],
                Faults = new FaultMix([new(FaultType.SlowDisk, "majority", Amount: "100ms")]) { GapMin = TimeSpan.FromSeconds(0.5), GapMax = TimeSpan.FromSeconds(1), LengthMin = TimeSpan.FromSeconds(2), LengthMax = TimeSpan.FromSeconds(4), AtOnce = 1 },
            },
            new(QuorumMode.HintLost, "Stand-ins forget what they keep for others instead of handing it over.", [QuorumMode.HintLost])
            {
                Workloads = [Sloppy with { Clients = 8 }],
                Faults = new FaultMix([new(FaultType.Halves, "all")]) { LengthMin = TimeSpan.FromSeconds(3), LengthMax = TimeSpan.FromSeconds(5) },
            },
            new(QuorumMode.MerkleSkips, "The comparison of Merkle trees passes over every second child: what differs there is never repaired.", [QuorumMode.MerkleSkips])
            {
                Workloads = [Sloppy with { ReadDial = Single.ReadDial, WriteDial = Single.WriteDial, ConvergesWithin = TimeSpan.FromSeconds(15) }],
                Faults = new FaultMix([new(FaultType.Loss, "all", Weight: 2, Amount: "20%"), new(FaultType.Halves, "all")]),
            },
        ],
    };

    private static Dictionary<string, string> Dial(params (string Name, string Value)[] arguments) => arguments.ToDictionary(argument => argument.Name, argument => argument.Value, StringComparer.Ordinal);
}
