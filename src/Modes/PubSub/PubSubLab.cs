using Cluster.Shared.Scenarios;

namespace Cluster.Modes.PubSub;

/// <summary>Clients that subscribe, publish, hear and unsubscribe all the time, while links lose, repeat and reorder, and nodes die, stop and leave; then three ways to deliver wrong.</summary>
public static class PubSubLab
{
    private const string AfterUnsubscribe = "deliver-after-unsubscribe";
    private const string AsItComes = "deliver-as-it-comes";
    private const string GroupOnEachNode = "group-on-each-node";

    public static Scenario Scenario { get; } = new(
        PubSubMode.Slug,
        "Publish-subscribe: at most once, without a broker",
        "What share of the messages is heard while links lose and subscribers come and go; and is any heard twice, out of order, by the wrong one, or after its subscription was ended?")
    {
        Nodes = 3,
        Shards = 4,
        Span = TimeSpan.FromSeconds(30),
        Workloads = [new("pub-sub", Clients: 9) { Pause = TimeSpan.FromMilliseconds(15) }],
        Faults = new FaultMix(
        [
            new(FaultType.Loss, "all", Weight: 3, Amount: "20%"),
            new(FaultType.Duplicate, "all", Weight: 2, Amount: "20%"),
            new(FaultType.Reorder, "all", Weight: 2, Amount: "20%"),
            new(FaultType.Delay, "one", Amount: "80ms"),
            new(FaultType.Throttle, "one", Amount: "64KB/s"),
            new(FaultType.Cut, "one", Weight: 2),
            new(FaultType.CutIn, "one"),
            new(FaultType.CutOut, "one"),
            new(FaultType.Kill, "one", Weight: 2),
            new(FaultType.Restart, "one"),
            new(FaultType.Pause, "one"),
            new(FaultType.Leave, "one"),
        ])
        {
            // Subscriptions settle, and what is published to settled ones while nothing is broken must all be heard.
            Calm = TimeSpan.FromSeconds(5),
            GapMin = TimeSpan.FromSeconds(0.5),
            GapMax = TimeSpan.FromSeconds(2),
            AtOnce = 1,
        },
        Promised =
        [
            "no subscription hears a message twice; of a group one member hears it",
            "a subscription hears what one node publishes in the order of publication, with gaps where messages were lost",
            "nobody hears what nobody published, what their topic or pattern does not match, or what was published after their unsubscription was confirmed",
            "while nothing is broken, subscriptions that have settled hear everything",
        ],
        NotPromised =
        [
            "delivery: what a link loses, or a node that dies has not sent, is gone; at most once",
            "that a new subscription is known everywhere at once: what another node publishes before its gossip has come is not heard",
            "one order of messages that different nodes publish",
            "patience with a slow subscriber: it is cut off, or loses the oldest, as it chose",
        ],
        Bugs =
        [
            new(AfterUnsubscribe, "An unsubscription is confirmed and the subscriber kept: it hears what is published afterwards.", [AfterUnsubscribe]),
            new(AsItComes, "Messages between nodes are taken as the links bring them: one that comes twice is heard twice, one that is overtaken out of order.", [AsItComes])
            {
                Faults = new FaultMix([new(FaultType.Duplicate, "all", Amount: "20%"), new(FaultType.Reorder, "all", Amount: "20%")])
                {
                    LengthMin = TimeSpan.FromSeconds(2),
                    LengthMax = TimeSpan.FromSeconds(4),
                },
            },
            new(GroupOnEachNode, "A group's message goes to every node with members, and each gives it to one of them.", [GroupOnEachNode]),
        ],
    };
}
