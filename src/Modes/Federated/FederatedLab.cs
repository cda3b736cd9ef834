using Cluster.Shared.Scenarios;

namespace Cluster.Modes.Federated;

/// <summary>
/// Two clusters of three nodes. Whole clusters are killed, the WAN is cut, slowed and lossy, and single nodes die; clients of both sides go on, and play the operator: who finds that the home of a region has been silent
/// for long moves it, and who finds it back moves it home.
/// </summary>
public static class FederatedLab
{
    private static readonly ScenarioWorkload Clients = new("federated", Clients: 12)
    {
        StaysWithNode = true, // What is promised of a side is asked there, also while it is cut off.
        Keys = 6,
        ConvergesWithin = TimeSpan.FromSeconds(30),
    };

    public static Scenario Scenario { get; } = new(
        FederatedMode.Slug,
        "Several whole clusters",
        "A whole cluster is lost: who goes on, what is lost, and how does it come back?")
    {
        Nodes = 6,
        Clusters = 2,
        HasFixedNodes = true, // Two clusters of three: each can lose a node by itself.
        Shards = 4,
        Span = TimeSpan.FromSeconds(40),
        Workloads = [Clients],
        Faults = new FaultMix(
        [
            new(FaultType.Kill, "cluster", Weight: 4),
            new(FaultType.Cut, "wan", Weight: 4),
            new(FaultType.Delay, "wan", Weight: 2, Amount: "60ms"),
            new(FaultType.Loss, "wan", Amount: "10%"),
            new(FaultType.Kill, "one", Weight: 2),
            new(FaultType.ClockSkew, "one", Amount: "10s"),
        ])
        {
            AtOnce = 1, // A cluster lost at a time: that is what a federation of two can lose.
            GapMin = TimeSpan.FromSeconds(2),
            GapMax = TimeSpan.FromSeconds(5),
            LengthMin = TimeSpan.FromSeconds(4),
            LengthMax = TimeSpan.FromSeconds(8),
            Calm = TimeSpan.FromSeconds(2),
        },
        Promised =
        [
            "as on one copy at a key's home, as long as the region has one home",
            "a whole cluster lost: the other goes on, and takes over what the lost one was home of",
            "no acknowledged write is lost that had been replicated; one that had not is taken up again when its cluster is back, or listed with its value as lost against a later one",
            "an old home that is back takes no writes after it has heard of the later one",
            "a read of the local copy says how old it may be, and is no older",
            "once the clusters hear each other, all copies come to say the same, and each region is at home again",
        ],
        NotPromised =
        [
            "writes of a region whose home is lost or cut off, until an operator moves it: two clusters are no majority, so none decides alone that the other is dead",
            "that a write of the lost cluster's last moments is seen after the failover, before that cluster is back",
            "one home while the WAN is cut and an operator has moved it all the same: the old one cannot know, and what it takes is settled by epoch afterwards",
            "the same list of keys taken away in every cluster: it is bounded, and kept by each for itself",
        ],
        RecoversWithin = TimeSpan.FromSeconds(40),
        Bugs =
        [
            new(FederatedMode.UnfencedHome, "An old home that is back takes no notice of the later epoch: two homes.", [FederatedMode.UnfencedHome]) { Faults = Losses },
            new(FederatedMode.SkipOutbox, "What was sent to the other cluster counts as arrived: what a cut or a loss swallows is never sent again.", [FederatedMode.SkipOutbox]) { Faults = Gaps },
            new(FederatedMode.WallClock, "Writes of two homes are settled by wall clocks: a later write loses.", [FederatedMode.WallClock]) { Faults = Skew },
        ],
    };

    private static FaultMix Losses => new([new(FaultType.Kill, "cluster"), new(FaultType.Cut, "wan", Weight: 2)])
    {
        AtOnce = 1,
        GapMin = TimeSpan.FromSeconds(3),
        GapMax = TimeSpan.FromSeconds(5),
        LengthMin = TimeSpan.FromSeconds(5),
        LengthMax = TimeSpan.FromSeconds(8),
        Calm = TimeSpan.FromSeconds(2),
    };

    private static FaultMix Gaps => new([new(FaultType.Loss, "wan", Amount: "40%"), new(FaultType.Cut, "wan")])
    {
        AtOnce = 1,
        GapMin = TimeSpan.FromSeconds(1),
        GapMax = TimeSpan.FromSeconds(2),
        LengthMin = TimeSpan.FromSeconds(3),
        LengthMax = TimeSpan.FromSeconds(6),
        Calm = TimeSpan.FromSeconds(1),
    };

    /// <summary>The WAN is cut long enough for failovers while the clocks of whole clusters differ.</summary>
    private static FaultMix Skew => new([new(FaultType.Cut, "wan", Weight: 2), new(FaultType.ClockSkew, "cluster", Amount: "20s", Weight: 2)])
    {
        AtOnce = 2,
        GapMin = TimeSpan.FromSeconds(1),
        GapMax = TimeSpan.FromSeconds(3),
        LengthMin = TimeSpan.FromSeconds(6),
        LengthMax = TimeSpan.FromSeconds(9),
        Calm = TimeSpan.FromSeconds(1),
    };
}
