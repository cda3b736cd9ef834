using Cluster.Shared.Scenarios;

namespace Cluster.Modes.CapTunable;

/// <summary>
/// Five levels of reads side by side on one cluster, each with clients, keys and a judge of its own, while nodes are cut off, killed and stopped. Then three ways to promise a level and not keep it.
/// </summary>
public static class CapTunableLab
{
    private static readonly ScenarioWorkload Linearizable = new("register", Clients: 3) { Store = CapTunableMode.Slug, Keys = 6, ReadDial = Level("linearizable"), Checkers = ["acknowledged", "register", "cut-off"] };

    private static readonly ScenarioWorkload Leased = new("register", Clients: 3) { Store = CapTunableMode.Slug, Keys = 6, ReadDial = Level("lease"), Checkers = ["acknowledged", "register", "cut-off"] };

    private static readonly ScenarioWorkload Bounded = new("versions", Clients: 3)
    {
        Store = CapTunableMode.Slug,
        ReadPercent = 70,
        ReadDial = new Dictionary<string, string> { [CapTunableMode.Consistency] = "bounded", [CapTunableMode.Bound] = "500ms" },
        Checkers = ["staleness-500ms", "cut-off"],
    };

    private static readonly ScenarioWorkload Session = new("versions", Clients: 3) { Store = CapTunableMode.Slug, ReadPercent = 70, ReadDial = Level("session"), CarriesToken = true, Checkers = ["session", "cut-off"] };

    private static readonly ScenarioWorkload Eventual = new("versions", Clients: 6)
    {
        Readers = 3, // They wait for no write, and stay: whichever node is cut off has somebody who asks it.
        StaysWithNode = true,
        Store = CapTunableMode.Slug,
        ReadPercent = 70,
        ReadDial = Level("eventual"),
        ConvergesWithin = TimeSpan.FromSeconds(20),
        Checkers = ["convergence", "cut-off-answers"],
    };

    public static Scenario Scenario { get; } = new(
        CapTunableMode.Slug,
        "Consistency by the request",
        "In a partition, which reads are still answered on the minority's side, and how stale are they?")
    {
        Nodes = 3,
        HasFixedNodes = true, // A node that is cut off has a copy of each partition: with more nodes than copies it may have none, and nothing to answer.
        Shards = 4,
        Workloads = [Linearizable, Leased, Bounded, Session, Eventual],
        Faults = new FaultMix(
        [
            new(FaultType.Cut, "one", Weight: 5),
            new(FaultType.Kill, "one", Weight: 2),
            new(FaultType.PowerLoss, "one"),
            new(FaultType.Pause, "one", Weight: 2),
            new(FaultType.Delay, "one", Amount: "50ms"),
            new(FaultType.Loss, "all", Amount: "5%"),
            new(FaultType.ClockSkew, "one", Amount: "10s"),
        ])
        {
            AtOnce = 1, // Of three nodes two must hear each other, or there is no majority to differ from the minority.
        },
        Promised =
        [
            "consistency=linearizable, and every write and compare-and-set: as on one copy",
            "consistency=lease: the same, while clocks run at nearly one rate",
            "consistency=bounded bound=500ms: no read is further behind than that, whatever is cut off",
            "consistency=session: a client that hands its token back reads its own writes, never goes back, and sees writes in the order in which their writers saw and made them",
            "consistency=eventual: answered on every side of a partition that has a copy (of three nodes each has one), and all replicas come to say the same",
        ],
        NotPromised =
        [
            "writes, linearizable reads and reads by lease on the side of a minority",
            "bounded reads there, once it has been cut off for longer than the bound",
            "session reads there, for a client that has seen more than the minority has",
            "any answer of a node that is cut off before it has found its cluster after a start",
            "that an eventual read is fresh: a node that is cut off may be behind by as long as it is",
        ],
        Bugs =
        [
            new(CapTunableMode.LeaseUnchecked, "Reads by lease are answered by whichever replica is near, whether a lease holds there or not.", [CapTunableMode.LeaseUnchecked])
            {
                Workloads = [Leased with { Clients = 9, Checkers = [] }],
                Faults = Isolation,
            },
            new(CapTunableMode.BoundIgnored, "Bounded reads are answered by any replica, without a look at how far behind it is.", [CapTunableMode.BoundIgnored])
            {
                Workloads = [Bounded with { Clients = 6, Checkers = ["staleness-500ms"] }],
                Faults = Isolation,
            },
            new(CapTunableMode.SessionForgetsToken, "Session reads take no notice of what the client has seen.", [CapTunableMode.SessionForgetsToken])
            {
                Workloads = [Session with { Clients = 9, Checkers = ["session"] }],
                Faults = Isolation,
            },
        ],
    };

    /// <summary>Nodes that are cut off for longer than a lease and a bound, and now and then one that is killed, so that its clients go elsewhere with what they have seen.</summary>
    private static FaultMix Isolation => new([new(FaultType.Cut, "leader", Weight: 2), new(FaultType.Cut, "one", Weight: 2), new(FaultType.Kill, "one")])
    {
        LengthMin = TimeSpan.FromSeconds(2),
        LengthMax = TimeSpan.FromSeconds(4),
        AtOnce = 1,
    };

    private static Dictionary<string, string> Level(string name) => new() { [CapTunableMode.Consistency] = name };
}
