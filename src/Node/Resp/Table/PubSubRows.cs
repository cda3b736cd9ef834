using Cluster.Engine.Port;
using Cluster.Node.Resp.Commands;
using static Cluster.Node.Resp.Table.CommandFlags;

namespace Cluster.Node.Resp.Table;

/// <summary>The table's commands on topics, which Redis calls channels.</summary>
internal static class PubSubRows
{
    private const CommandFlags Subscribes = PubSub | NoScript | Loading | Stale;
    private const CommandFlags Asks = PubSub | Loading | Stale;
    private const string OfMessage = "O(N+M) where N is the number of subscribers on this node and M the number of patterns in the cluster.";

    public static readonly IReadOnlyList<CommandSpec> All = CommandRows.InGroup("pubsub", CommandCategories.PubSub,
    [
        new("subscribe", -2, Subscribes, "2.0.0", "O(N) where N is the number of channels.", "Hears what is published to channels, at any node.", PubSubCommands.Subscribe(TopicKind.Topic)) { Syntax = "channel..." },
        new("unsubscribe", -1, Subscribes, "2.0.0", "O(N) where N is the number of channels.", "Hears channels no more; without an argument, none.", PubSubCommands.Unsubscribe(TopicKind.Topic)) { Syntax = "[channel...]" },
        new("psubscribe", -2, Subscribes, "2.0.0", "O(N) where N is the number of patterns.", "Hears what is published to channels whose names match.", PubSubCommands.Subscribe(TopicKind.Pattern))
        {
            Syntax = "pattern=(pattern:pattern)...",
        },
        new("punsubscribe", -1, Subscribes, "2.0.0", "O(N) where N is the number of patterns.", "Hears patterns no more; without an argument, none.", PubSubCommands.Unsubscribe(TopicKind.Pattern))
        {
            Syntax = "[pattern:pattern...]",
        },
        new("publish", 3, Asks | Fast, "2.0.0", OfMessage, "Tells a message to the subscribers of a channel, at all nodes; answers with how many, as this node knows.", PubSubCommands.Publish(TopicKind.Topic))
        {
            Syntax = "channel message",
        },
        new("ssubscribe", -2, Subscribes, "7.0.0", "O(N) where N is the number of channels.", "Hears what is published to shard channels.", PubSubCommands.Subscribe(TopicKind.Sharded))
        {
            Syntax = "shardchannel...", Keys = [KeySpec.From(1, 1, KeySpec.NotKey)],
        },
        new("sunsubscribe", -1, Subscribes, "7.0.0", "O(N) where N is the number of channels.", "Hears shard channels no more; without an argument, none.", PubSubCommands.Unsubscribe(TopicKind.Sharded))
        {
            Syntax = "[shardchannel...]", Keys = [KeySpec.From(1, 1, KeySpec.NotKey)],
        },
        new("spublish", 3, Asks | Fast, "7.0.0", "O(N) where N is the number of subscribers on this node.", "Tells a message to the subscribers of a shard channel; answers with how many.", PubSubCommands.Publish(TopicKind.Sharded))
        {
            Syntax = "shardchannel message", Keys = [KeySpec.At(1, KeySpec.NotKey)],
        },
        CommandRows.Container("pubsub", "pubsub", CommandCategories.None, "2.8.0", "6.2.0", "Commands on who subscribes.",
            Asking("pubsub|channels", -2, "2.8.0", "Answers with the channels that have subscribers at any node.", PubSubCommands.Channels(TopicKind.Topic), "[pattern:pattern]"),
            Asking("pubsub|numsub", -2, "2.8.0", "Answers with how many subscribers channels have at all nodes.", PubSubCommands.CountSubscribers(TopicKind.Topic), "[channel...]"),
            Asking("pubsub|numpat", 2, "2.8.0", "Answers with how many patterns have subscribers.", PubSubCommands.CountPatterns, ""),
            Asking("pubsub|shardchannels", -2, "7.0.0", "Answers with the shard channels that have subscribers at any node.", PubSubCommands.Channels(TopicKind.Sharded), "[pattern:pattern]"),
            Asking("pubsub|shardnumsub", -2, "7.0.0", "Answers with how many subscribers shard channels have at all nodes.", PubSubCommands.CountSubscribers(TopicKind.Sharded), "[shardchannel...]")),
    ]);

    private static CommandSpec Asking(string name, int arity, string since, string summary, CommandHandler handler, string syntax) =>
        new(name, arity, Asks, since, "O(N) where N is the number of channels.", summary, handler) { Syntax = syntax, Categories = CommandCategories.PubSub };
}
