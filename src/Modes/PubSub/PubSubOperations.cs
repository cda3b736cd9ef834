using Cluster.Modes.Hosting;

namespace Cluster.Modes.PubSub;

/// <summary>What publish-subscribe can be asked of one node.</summary>
internal static class PubSubOperations
{
    public const string Subscribe = "subscribe";
    public const string Publish = "publish";
    public const string Hear = "hear";
    public const string Unsubscribe = "unsubscribe";
    public const string List = "list";

    /// <summary>What a client chooses for when it does not keep up.</summary>
    public const string CutOff = "cut-off";
    public const string DropOldest = "drop-oldest";

    /// <summary>The engine's longest topic; a pattern is shorter, and refused by the engine itself.</summary>
    private const int MaxNameBytes = 1_024;

    /// <summary>What fits into a request's query; longer messages are published by RESP, or by <c>POST /topics/TOPIC</c>.</summary>
    private const int MaxMessageBytes = 4_096;

    private const int MaxGroupBytes = 64;
    private const int MaxIdBytes = 128;

    /// <summary>Messages in one answer: with the longest that this mode publishes, some hundreds of kilobytes.</summary>
    private const int MaxHeard = 200;

    private static readonly TimeSpan ShortestLease = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestLease = TimeSpan.FromMinutes(10);

    private static readonly ModeArgument Id = ModeArgument.Text("subscription", "A name for the subscription, the client's own", MaxIdBytes);

    public static IReadOnlyList<ModeOperation> All { get; } =
    [
        new(Subscribe, "Hears what is published to a topic, or to all topics that match a pattern, from now on. Lives on this node, and ends when nobody has asked for it for as long as its lease.")
        {
            Arguments =
            [
                Id,
                ModeArgument.Text("name", "The topic, or the pattern", MaxNameBytes),
                ModeArgument.Choice("kind", "Whether the name is a topic or a pattern: * ? [ab] [^a] and a backslash before what is meant as it stands", "topic", "pattern").Or("topic"),
                ModeArgument.Text("group", "Shares what is published to groups of the topic with the others of this name, and hears nothing else", MaxGroupBytes).Optional(),
                ModeArgument.Choice("when-full", "What becomes of a client that is too far behind: the subscription ends, or the oldest messages make room", CutOff, DropOldest).Or(CutOff),
                ModeArgument.Duration("lease", "How long it lives without a sign of its client", ShortestLease, LongestLease).Or("30s"),
            ],
        },
        new(Publish, "Tells a message to the topic's subscribers at all nodes, each at most once; answers to how many it went, as this node knows.")
        {
            Arguments =
            [
                ModeArgument.Text("topic", "The topic", MaxNameBytes),
                ModeArgument.Text("message", "The message", MaxMessageBytes),
                ModeArgument.Choice("to", "all subscribers without a group, or one of each group", "all", "group").Or("all"),
            ],
        },
        new(Hear, "What a subscription has heard after a number, in order; what is up to that number is forgotten. Asked again with the same number it answers the same, and more.")
        {
            Arguments =
            [
                Id,
                ModeArgument.Number("after", "Number of the last message that the client has", 0, long.MaxValue).Or("0"),
                ModeArgument.Number("most", "Messages in the answer", 1, MaxHeard).Or("100"),
            ],
        },
        new(Unsubscribe, "Ends a subscription: nothing that is published after the answer is heard by it. What it heard before can still be read until its lease is over.") { Arguments = [Id] },
        new(List, "The subscriptions that this node keeps for clients.") { IsRead = true },
    ];
}
