using Cluster.Shared.Scenarios;

namespace Cluster.Modes.Cqrs;

/// <summary>Clients that place, pay, ship and cancel the same orders at once, look at what they have done, and have projections held and rebuilt meanwhile. Then three ways to build it wrong.</summary>
public static class CqrsLab
{
    public static Scenario Scenario { get; } = new(
        CqrsMode.Slug,
        "CQRS: commands on events, queries on projections",
        "Do queries agree with what has happened, and commands go on without them, though projectors die, fall behind and are built anew?")
    {
        Nodes = 3,
        Shards = 6,
        Workloads = [new("event-sourced-orders", Clients: 7) { Pause = TimeSpan.FromMilliseconds(15) }],
        Faults = new FaultMix(
        [
            new(FaultType.Kill, "one", Weight: 2),
            new(FaultType.Kill, "leader", Weight: 2),
            new(FaultType.Restart, "one"),
            new(FaultType.PowerLoss, "one"),
            new(FaultType.Pause, "one", Weight: 3),
            new(FaultType.Cut, "one"),
            new(FaultType.CutOut, "leader"),
            new(FaultType.Delay, "one", Amount: "60ms"),
            new(FaultType.Loss, "all", Amount: "5%"),
            new(FaultType.ClockSkew, "one", Amount: "5s"),
        ]),
        Promised =
        [
            "every command that was acknowledged is one event of its order, at the version that its client was told; a command that expected another version did nothing",
            "an order does only what its state allows, however many clients command it at once",
            "a query with a command's token sees the command",
            "each projection, kept up or rebuilt, is what the events make: none twice, none missing",
        ],
        NotPromised =
        [
            "that a query without a token is up to date: it is behind by the lag that 'projections' shows",
            "that queries without a token never go back, when a rebuilt projection takes the old one's place",
            "one transaction over two orders: that is a saga",
        ],
        RecoversWithin = TimeSpan.FromSeconds(30),
        AnsweredPerSecondMin = 10,
        Bugs =
        [
            new(CqrsFlaws.DecideOnce, "After a conflict the old decision is appended at the new version: what the order has become does not matter.", [CqrsFlaws.DecideOnce])
            {
                Workloads = [new("event-sourced-orders", Clients: 12)],
                Faults = new FaultMix([new(FaultType.Delay, "all", Amount: "30ms"), new(FaultType.Kill, "one")]),
            },
            new(CqrsFlaws.ProjectTwice, "A view's position is noted after its rows, apart from them: whoever goes on for a projector that has died between the two counts events again.", [CqrsFlaws.ProjectTwice])
            {
                Workloads = [new("event-sourced-orders", Clients: 14) { Pause = TimeSpan.FromMilliseconds(5) }],
                Faults = new FaultMix([new(FaultType.Kill, "one"), new(FaultType.Kill, "leader")]),
            },
            new(CqrsFlaws.IgnoreToken, "A query does not wait for its token: a client does not see what it has just done.", [CqrsFlaws.IgnoreToken]),
        ],
    };
}
