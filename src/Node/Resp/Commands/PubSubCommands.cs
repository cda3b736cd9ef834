using Cluster.Engine.Port;
using Cluster.Node.Resp.Protocol;
using Cluster.Node.Resp.Table;
using Google.Protobuf;

namespace Cluster.Node.Resp.Commands;

/// <summary>Publish-subscribe over the whole cluster in Redis's words. What one server tells of its clients, a node tells of all nodes' clients, as gossip last said.</summary>
internal static class PubSubCommands
{
    /// <summary>Whether a connection of RESP2 that has subscriptions may say this: its other replies could not be told from messages.</summary>
    public static bool IsTakenWhileSubscribed(CommandSpec spec) =>
        spec.Name is "ping" or "subscribe" or "unsubscribe" or "psubscribe" or "punsubscribe" or "ssubscribe" or "sunsubscribe" or "quit" or "reset";

    public static string NotTakenWhileSubscribed(CommandSpec spec) =>
        $"ERR Can't execute '{spec.Name}': only (P|S)SUBSCRIBE / (P|S)UNSUBSCRIBE / PING / QUIT / RESET are allowed in this context";

    public static CommandHandler Subscribe(TopicKind kind) => (RespSession session, in RespArguments arguments) => Subscribe(session, arguments, kind);

    public static CommandHandler Unsubscribe(TopicKind kind) => (RespSession session, in RespArguments arguments) => Unsubscribe(session, arguments, kind);

    /// <summary>Runs when what came before it on the connection is done: who hears of a write can read it.</summary>
    public static CommandHandler Publish(TopicKind kind) => (RespSession session, in RespArguments arguments) =>
    {
        var (topic, message) = (arguments.Key(1), arguments.Value(2));
        return CommandCall.Effect(() =>
        {
            var receipt = session.Server.PubSub.Publish(kind, topic, message);
            return receipt.Error is { } refused ? RespValue.Error(ErrorReplies.For(refused)) : RespValue.Integer(receipt.Subscriptions);
        });
    };

    public static CommandHandler Channels(TopicKind kind) => (RespSession session, in RespArguments arguments) =>
    {
        if (arguments.Count > 3)
        {
            return CommandCall.Error($"ERR unknown subcommand or wrong number of arguments for '{arguments.Text(1)}'. Try PUBSUB HELP.");
        }

        var found = session.Server.PubSub.List(kind, arguments.Count == 3 ? arguments.Key(2) : null);
        return RespValue.Array([.. found.Where(topic => topic.Filter.Group is null).Select(topic => RespValue.Bulk(topic.Filter.Name))]);
    };

    public static CommandHandler CountSubscribers(TopicKind kind) => (RespSession session, in RespArguments arguments) =>
    {
        var counts = new List<RespValue>();
        for (var i = 2; i < arguments.Count; i++)
        {
            var name = arguments.Key(i);
            counts.Add(RespValue.Bulk(name));
            counts.Add(RespValue.Integer(session.Server.PubSub.CountSubscriptions(new TopicFilter(kind, name))));
        }

        return RespValue.Array(counts);
    };

    public static CommandCall CountPatterns(RespSession session, in RespArguments arguments) => RespValue.Integer(session.Server.PubSub.CountNames(TopicKind.Pattern));

    /// <summary>All of the names or, when one is refused, none of them.</summary>
    private static CommandCall Subscribe(RespSession session, in RespArguments arguments, TopicKind kind)
    {
        var subscriptions = session.Subscribing();
        var names = arguments.CopyFrom(1);
        var confirmation = session.NextConfirmation(); // Before it subscribes: its messages come behind.
        var (left, told) = (CountWith(session, kind), new HashSet<ByteString>());
        List<RespValue> confirmed = [.. names.Select(name => Confirm(kind, "subscribe", RespValue.Bulk(name), left += !subscriptions.Has(kind, name) && told.Add(name) ? 1 : 0))];
        return subscriptions.Add(kind, names) is { } refused
            ? CommandCall.NotConfirmed(ErrorReplies.For(refused), confirmation)
            : CommandCall.Confirmed(RespValue.Sequence(confirmed), confirmation);
    }

    private static CommandCall Unsubscribe(RespSession session, in RespArguments arguments, TopicKind kind)
    {
        var names = arguments.Count > 1 ? arguments.CopyFrom(1) : session.Subscriptions?.Names(kind) ?? [];
        var confirmed = new List<RespValue>();
        foreach (var name in names)
        {
            session.Subscriptions?.Remove(kind, name);
            confirmed.Add(Confirm(kind, "unsubscribe", RespValue.Bulk(name), CountWith(session, kind)));
        }

        if (confirmed.Count == 0)
        {
            confirmed.Add(Confirm(kind, "unsubscribe", RespValue.Null, CountWith(session, kind)));
        }

        return CommandCall.Confirmed(RespValue.Sequence(confirmed), session.NextConfirmation());
    }

    /// <summary>Subscriptions that a confirmation tells: those to topics and patterns together, those to shard channels apart.</summary>
    private static int CountWith(RespSession session, TopicKind kind) =>
        kind == TopicKind.Sharded ? session.CountSubscriptions(kind) : session.CountSubscriptions(TopicKind.Topic) + session.CountSubscriptions(TopicKind.Pattern);

    private static RespValue Confirm(TopicKind kind, string word, RespValue name, int left)
    {
        var prefix = kind switch
        {
            TopicKind.Pattern => "p",
            TopicKind.Sharded => "s",
            _ => "",
        };
        return RespValue.Push(RespValue.Bulk(prefix + word), name, RespValue.Integer(left));
    }
}
