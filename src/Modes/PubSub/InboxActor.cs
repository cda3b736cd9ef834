using System.Text;
using System.Text.Unicode;
using Cluster.Engine.Port;
using Cluster.Modes.Hosting;

namespace Cluster.Modes.PubSub;

/// <summary>One client's subscription on its node: hears, keeps, and gives what was heard to whoever asks by its name. It ends when nobody has asked for as long as its lease.</summary>
internal sealed class InboxActor : Actor
{
    private readonly IModeNode node;
    private readonly string name;
    private readonly TopicFilter filter;
    private readonly TimeSpan lease;
    private readonly InboxCore inbox;
    private readonly InboxSubscriber subscriber;

    /// <param name="subscriber">Subscribed by whoever makes this, and unsubscribed here.</param>
    public InboxActor(IModeNode node, string name, TopicFilter filter, TimeSpan lease, InboxCore inbox, InboxSubscriber subscriber) =>
        (this.node, this.name, this.filter, this.lease, this.inbox, this.subscriber) = (node, name, filter, lease, inbox, subscriber);

    protected override void PreStart() => Renew();

    protected override void PostStop() => node.PubSub.Unsubscribe(filter, subscriber);

    protected override void Receive(object message)
    {
        foreach (var heard in subscriber.Take())
        {
            Hear(heard);
        }

        switch (message)
        {
            case MessagesWait:
                break; // Taken with every turn.
            case ModeRequest { Operation: PubSubOperations.Subscribe }:
                Sender.Tell(Subscribe(), Self);
                break;
            case ModeRequest { Operation: PubSubOperations.Hear } request:
                Renew();
                Sender.Tell(Read(request.Number("after"), (int)request.Number("most")), Self);
                break;
            case ModeRequest { Operation: PubSubOperations.Unsubscribe }:
                Renew();
                node.PubSub.Unsubscribe(filter, subscriber);
                inbox.Unsubscribe();
                TellState();
                Sender.Tell(ModeAnswer.Ok(new UnsubscribedAnswer(name), PubSubJson.Default.UnsubscribedAnswer), Self);
                break;
            case LeaseOver:
                Context.Stop(Self);
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    /// <summary>Once more is no second subscription; one that has ended does not begin again, since what came meanwhile was not heard.</summary>
    private ModeAnswer Subscribe()
    {
        if (inbox.State != InboxState.Open)
        {
            return ModeAnswer.Conflict($"subscription '{name}' is over ({Word(inbox.State)}): subscribe under another name");
        }

        Renew();
        return ModeAnswer.Ok(
            new SubscribedAnswer(name, filter.Kind.ToString().ToLowerInvariant(), filter.Name.ToStringUtf8(), filter.Group, node.Name.ToString(), (long)lease.TotalMilliseconds),
            PubSubJson.Default.SubscribedAnswer);
    }

    private void Hear(MessageHeard heard)
    {
        var (topic, payload) = (heard.Topic, heard.Payload);
        var isText = Utf8.IsValid(payload.Span);
        var message = new HeardMessage(heard.Number, topic.ToStringUtf8(), isText ? Encoding.UTF8.GetString(payload.Span) : null, isText ? null : Convert.ToBase64String(payload.Span));
        if (!inbox.Hear(message, topic.Length + payload.Length))
        {
            node.PubSub.Unsubscribe(filter, subscriber);
            TellState();
            node.Tell($"subscription '{name}' to {filter} was cut off: its client is {inbox.Count} messages behind");
        }
    }

    private ModeAnswer Read(long after, int most)
    {
        var messages = inbox.Take(after, most);
        return ModeAnswer.Ok(new HeardAnswer(name, Word(inbox.State), inbox.Last, messages), PubSubJson.Default.HeardAnswer);
    }

    /// <summary>To whoever lists all subscriptions of the node.</summary>
    private void TellState() => Context.Parent.Tell(new InboxChanged(Self, Word(inbox.State)), Self);

    private void Renew() => Timers.StartSingle(nameof(LeaseOver), LeaseOver.Instance, lease);

    internal static string Word(InboxState state) => state switch
    {
        InboxState.Open => "open",
        InboxState.Unsubscribed => "unsubscribed",
        _ => "cut-off",
    };
}
