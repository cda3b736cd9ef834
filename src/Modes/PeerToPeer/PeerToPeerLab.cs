using Cluster.Shared.Scenarios;

namespace Cluster.Modes.PeerToPeer;

/// <summary>Five peers that are killed, leave with their disks and come back empty, while clients write keys once and others over and over. Then two ways to build it wrong.</summary>
public static class PeerToPeerLab
{
    /// <summary>For a peer that was held for dead to be found again, and for two rounds of republishing.</summary>
    private static readonly TimeSpan Convergence = TimeSpan.FromSeconds(30);

    /// <summary>Each key is written once: whether it is there in the end tells whether it was kept.</summary>
    private static readonly ScenarioWorkload Archive = new("inserts", Clients: 5)
    {
        Keys = 240,
        Store = PeerToPeerMode.Slug,
        ReadPercent = 88,
        Pause = TimeSpan.FromMilliseconds(25),
        ConvergesWithin = Convergence,
        Checkers = ["acknowledged", "convergence"],
    };

    private static readonly ScenarioWorkload Registers = new("register", Clients: 4)
    {
        Store = PeerToPeerMode.Slug,
        CasPercent = 0,
        Pause = TimeSpan.FromMilliseconds(25),
        ConvergesWithin = Convergence,
        Checkers = ["convergence"],
    };

    /// <summary>Peers that come and go.</summary>
    private static readonly FaultMix Churn = new([new(FaultType.Leave, "one", Weight: 3), new(FaultType.Kill, "one")])
    {
        AtOnce = 1,
        GapMin = TimeSpan.FromSeconds(1.2),
        GapMax = TimeSpan.FromSeconds(2.5),
        LengthMax = TimeSpan.FromSeconds(2),
    };

    /// <summary>Many keys, each seldom written, at all three peers before it is acknowledged: so of two writes one after the other the later has the higher tag.</summary>
    private static readonly ScenarioWorkload SeldomWritten = Registers with
    {
        Clients = 8,
        Keys = 60,
        ReadPercent = 95,
        WriteDial = new Dictionary<string, string> { [PeerToPeerMode.Copies] = "3" },
        Checkers = ["acknowledged", "convergence"],
    };

    /// <summary>Peers that are away for long enough to miss writes, and keep their disks.</summary>
    private static readonly FaultMix Absences = new([new(FaultType.Kill, "one", Weight: 2), new(FaultType.PowerLoss, "one")])
    {
        AtOnce = 1,
        GapMin = TimeSpan.FromSeconds(0.3),
        GapMax = TimeSpan.FromSeconds(1),
        LengthMin = TimeSpan.FromSeconds(1.5),
    };

    public static Scenario Scenario { get; } = new(
        PeerToPeerMode.Slug,
        "Peers that come and go",
        "Where is a key when nobody decides where it is, and the peers that keep it leave?")
    {
        Nodes = 5,
        Shards = 1,
        Span = TimeSpan.FromSeconds(20),
        Workloads = [Archive, Registers],
        Faults = new FaultMix(
        [
            new(FaultType.Leave, "one", Weight: 3),
            new(FaultType.Kill, "one", Weight: 3),
            new(FaultType.PowerLoss, "one"),
            new(FaultType.Pause, "one"),
            new(FaultType.Cut, "one"),
            new(FaultType.Halves, "all"),
            new(FaultType.Loss, "all", Amount: "10%"),
            new(FaultType.Duplicate, "all", Amount: "20%"),
            new(FaultType.Reorder, "all", Amount: "20%"),
        ])
        {
            // A peer that leaves must be able to, and three that take their disks with them within a republish interval would take keys with them.
            AtOnce = 1,
            GapMin = TimeSpan.FromSeconds(1.2),
            GapMax = TimeSpan.FromSeconds(2.5),
        },
        Promised =
        [
            "any peer serves any client, and any one may die: none is special",
            "what was acknowledged is there while fewer than three of the peers that keep it die, with their disks, within a republish interval of 5 s",
            "once nothing is broken, every peer says the same of every key",
            "who was held for dead and lives is found again, after a partition too",
        ],
        NotPromised =
        [
            "a read of the newest value: the first peer that has one answers (ask with answers=3 to see an old one less often)",
            "each of two writes of one key at one time: the one with the higher tag stays, whichever came first",
            "compare-and-set, or a list of keys: no peer knows all",
        ],
        RecoversWithin = TimeSpan.FromSeconds(40),
        Bugs =
        [
            new(PeerToPeerMode.NoRepublish, "Nothing is republished: what peers take with them is gone, and who comes back keeps what is old.", [PeerToPeerMode.NoRepublish]) { Faults = Churn },
            new(PeerToPeerMode.LastStoreStays, "A peer keeps whichever copy comes last: an old one that is republished takes the place of a new one.", [PeerToPeerMode.LastStoreStays]) { Faults = Absences, Workloads = [SeldomWritten] },
        ],
    };
}
