using Cluster.Shared.Scenarios;

namespace Cluster.Modes.ClientServer;

/// <summary>Clients of one server, which is killed, stopped, cut off and loses its power. Then two ways to build it wrong.</summary>
public static class ClientServerLab
{
    private static readonly ScenarioWorkload Registers = new("register", Clients: 9) { Store = ClientServerMode.Slug };

    public static Scenario Scenario { get; } = new(
        ClientServerMode.Slug,
        "One server, many clients",
        "What is lost, and what stops, when the one server dies?")
    {
        Nodes = 3,
        Shards = 4,
        Workloads = [Registers],
        Faults = new FaultMix(
        [
            new(FaultType.Kill, "n1", Weight: 2),
            new(FaultType.PowerLoss, "n1", Weight: 2),
            new(FaultType.Pause, "n1"),
            new(FaultType.Kill, "one"),
            new(FaultType.Cut, "n1"),
            new(FaultType.CutOut, "n1"),
            new(FaultType.Loss, "all", Weight: 2, Amount: "10%"),
            new(FaultType.Duplicate, "all", Amount: "10%"),
        ])
        {
            AtOnce = 1, // Most of them strike the one server, and a dead one cannot be cut off.
        },
        Promised =
        [
            "reads, writes and compare-and-sets of a key are linearizable: there is one copy",
            "what the server acknowledged is there after it was killed or lost its power",
            "a call that is sent again, because its answer was lost, takes effect once",
        ],
        NotPromised =
        [
            "an answer while the server is away or cut off: it is the single point of failure",
            "anything once the server's disk is gone: there is no second copy",
            "more throughput with more nodes: the server is the bottleneck",
        ],
        Bugs =
        [
            new("ack-before-disk", "The server answers before its disk has the write: what a power loss takes was acknowledged.", [ClientServerMode.AckBeforeDisk])
            {
                Faults = new FaultMix([new(FaultType.SlowDisk, "n1", Amount: "200ms"), new(FaultType.PowerLoss, "n1", Weight: 2)])
                {
                    GapMin = TimeSpan.FromSeconds(0.5),
                    GapMax = TimeSpan.FromSeconds(1),
                    LengthMin = TimeSpan.FromSeconds(0.5),
                    LengthMax = TimeSpan.FromSeconds(1.5),
                },
            },
            new("no-sessions", "The server keeps no sessions: a call that is sent again takes effect again, over what was written since.", [ClientServerMode.NoSessions])
            {
                Faults = new FaultMix([new(FaultType.Loss, "all", Amount: "20%"), new(FaultType.Duplicate, "all", Amount: "30%")]),
                Workloads = [Registers with { Keys = 4 }],
            },
        ],
    };
}
