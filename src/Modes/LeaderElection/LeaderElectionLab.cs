using Cluster.Shared.Scenarios;

namespace Cluster.Modes.LeaderElection;

/// <summary>Clients take tickets from a leader that is killed, stopped, cut off, and asked to leave; then two ways to elect it wrong.</summary>
public static class LeaderElectionLab
{
    private const string TheLeader = "singleton:" + LeaderElectionMode.Slug;

    /// <summary>A takeover from a dead leader takes some seven seconds: shorter faults are sat out, longer ones are not. From eleven seconds on the checker demands one.</summary>
    private static readonly TimeSpan LongestFault = TimeSpan.FromSeconds(18);

    /// <summary>A takeover, and some seconds in which the new leader does something that the old one then spoils.</summary>
    private static readonly TimeSpan LongPause = TimeSpan.FromSeconds(12);

    public static Scenario Scenario { get; } = new(
        LeaderElectionMode.Slug,
        "Leader election: a singleton under an epoch",
        "Is there ever more than one leader of one epoch, and does one that does not know yet that it is deposed do harm?")
    {
        Nodes = 3,
        Shards = 4,
        Span = TimeSpan.FromSeconds(30),
        Workloads = [new("tickets", Clients: 6) { Pause = TimeSpan.FromMilliseconds(40) }],
        Faults = new FaultMix(
        [
            new(FaultType.Kill, TheLeader, Weight: 2),
            new(FaultType.Restart, TheLeader),
            new(FaultType.Pause, TheLeader, Weight: 2),
            new(FaultType.Cut, TheLeader, Weight: 2),
            new(FaultType.CutIn, TheLeader),
            new(FaultType.CutOut, TheLeader),
            new(FaultType.Leave, TheLeader, Weight: 2),
            new(FaultType.Halves, "all"),
            new(FaultType.Bridge, "one"),
            new(FaultType.Delay, "all", Amount: "60ms"),
            new(FaultType.Loss, "all", Amount: "5%"),
            new(FaultType.ClockSkew, TheLeader, Amount: "10s"),
            new(FaultType.ClockDrift, TheLeader, Amount: "0.97"),
        ])
        {
            GapMin = TimeSpan.FromSeconds(2),
            GapMax = TimeSpan.FromSeconds(5),

            // All nodes know each other again: a takeover is judged beside no other fault.
            Rest = TimeSpan.FromSeconds(5),
            LengthMin = TimeSpan.FromSeconds(3),
            LengthMax = LongestFault,
            AtOnce = 1,
        },
        AnsweredPerSecondMin = 2,
        Promised =
        [
            "one leader for each epoch, and epochs that only rise",
            "a ticket is assigned once, and none under an older epoch after one under a newer",
            "a leader that leaves hands over; one that is dead, stopped or cut off from the majority is replaced",
        ],
        NotPromised =
        [
            "a leader at every moment: after a death there is none for some seven seconds (suspicion, margin, lease)",
            "a leader on the side of a partition that holds no majority",
            "that a deposed leader knows it at once: what it writes elsewhere must carry its epoch, and be refused there",
        ],
        Bugs =
        [
            new(LeaderElectionMode.LowestId, "Whoever has the lowest name among those it can reach leads: a cut makes two leaders of one epoch.", [LeaderElectionMode.LowestId])
            {
                Faults = new FaultMix([new(FaultType.Cut, "n1", Weight: 2), new(FaultType.Bridge, "n3"), new(FaultType.Pause, "n1")])
                {
                    GapMin = TimeSpan.FromSeconds(2),
                    GapMax = TimeSpan.FromSeconds(3),

                    // Longer than a client waits for the leader that it cannot reach: then it asks the other one.
                    LengthMin = TimeSpan.FromSeconds(7),
                    LengthMax = TimeSpan.FromSeconds(9),
                    AtOnce = 1,
                },
            },
            new(LeaderElectionMode.NoFencing, "A leader never asks whether it still may act, and the book takes any epoch: one that wakes up assigns tickets after its successor has.", [LeaderElectionMode.NoFencing])
            {
                Workloads = [new("tickets", Clients: 12) { Pause = TimeSpan.FromMilliseconds(20) }],
                Faults = new FaultMix([new(FaultType.Pause, TheLeader)])
                {
                    Calm = TimeSpan.FromSeconds(2),
                    GapMin = TimeSpan.FromSeconds(2),
                    GapMax = TimeSpan.FromSeconds(3),
                    LengthMin = LongPause - TimeSpan.FromSeconds(1),
                    LengthMax = LongPause,
                    AtOnce = 1,
                },
            },
        ],
    };
}
