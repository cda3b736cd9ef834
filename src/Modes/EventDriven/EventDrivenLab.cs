using Cluster.Shared.Scenarios;

namespace Cluster.Modes.EventDriven;

/// <summary>Publishers that send again what was not answered, and consumers on every node that die with events in hand; some events fail a few times, a few always. Then three ways to consume wrong.</summary>
public static class EventDrivenLab
{
    public static Scenario Scenario { get; } = new(
        EventDrivenMode.Slug,
        "Event-driven: a bus between producers and consumers",
        "Is every event handled exactly once in effect, in the order of its key, though consumers die with events in hand and handlers fail?")
    {
        Nodes = 3,
        Shards = 6,
        Workloads = [new("events", Clients: 6) { Pause = TimeSpan.FromMilliseconds(25) }],
        Faults = new FaultMix(
        [
            new(FaultType.Kill, "one", Weight: 3),
            new(FaultType.Kill, "leader"),
            new(FaultType.Restart, "one", Weight: 2),
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
            "every event that was acknowledged has its effect once, or is a dead letter of the subscription: never both, never neither",
            "events of one key have their effects in the order in which they were published, also while one of them is tried again",
            "an event of an older version is read as the newest; one of a shape that is not registered never reaches the bus",
        ],
        NotPromised =
        [
            "that an event is delivered once: it comes again after a crash, and the inbox knows it",
            "the order of a dead letter that is sent again: it comes after those that went ahead",
            "that one key is handled while an event of it is tried again: it waits, other keys do not",
            "an effect once for an event that is published again after a thousand others of its key",
        ],
        RecoversWithin = TimeSpan.FromSeconds(30),
        AnsweredPerSecondMin = 10,
        Bugs =
        [
            new(EventDrivenFlaws.NotIdempotent, "A consumer handles whatever is delivered: what a dead consumer had in hand has its effect twice.", [EventDrivenFlaws.NotIdempotent])
            {
                Faults = Deaths,
            },
            new(EventDrivenFlaws.AcknowledgeFirst, "A consumer acknowledges what it has read before it has handled it: what it had in hand when it died is lost.", [EventDrivenFlaws.AcknowledgeFirst])
            {
                Faults = Deaths,
            },
            new(EventDrivenFlaws.RetryOvertaken, "Later events of a key go ahead of one that is tried again: it is taken for handled, and lost.", [EventDrivenFlaws.RetryOvertaken]),
        ],
    };

    private static FaultMix Deaths => new([new(FaultType.Kill, "one", Weight: 2), new(FaultType.Restart, "one")])
    {
        GapMin = TimeSpan.FromSeconds(1),
        GapMax = TimeSpan.FromSeconds(2),
        LengthMin = TimeSpan.FromSeconds(0.5),
        LengthMax = TimeSpan.FromSeconds(1),
        AtOnce = 1,
    };
}
