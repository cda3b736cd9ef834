using Cluster.Engine.Port;
using Cluster.Modes.Hosting;
using Cluster.Shared.Results;
using Google.Protobuf;

namespace Cluster.Modes.PubSub;

/// <summary>The door on each node: publishes, and keeps a child for each subscription of a client, so that one that hears much holds up no other.</summary>
internal sealed class SubscriptionsActor(IModeNode node) : Actor
{
    /// <summary>Subscriptions that one node keeps for clients: each is an actor, and up to <see cref="InboxCore.MostBytes"/>.</summary>
    private const int MaxSubscriptions = 1_000;

    private readonly SortedDictionary<string, (IActorRef Inbox, TopicFilter Filter, string State)> subscriptions = new(StringComparer.Ordinal);
    private readonly Dictionary<IActorRef, string> names = [];

    /// <summary>An inbox that fails has lost what it kept: the subscription is over, and its client is told that there is none.</summary>
    protected override SupervisorStrategy SupervisorStrategy => SupervisorStrategy.Stopping;

    protected override void Receive(object message)
    {
        switch (message)
        {
            case ModeRequest { Operation: PubSubOperations.Publish } request:
                Sender.Tell(Publish(request), Self);
                break;
            case ModeRequest { Operation: PubSubOperations.Subscribe } request:
                Subscribe(request);
                break;
            case ModeRequest { Operation: PubSubOperations.List }:
                Sender.Tell(List(), Self);
                break;
            case ModeRequest request:
                PassOn(request);
                break;
            case InboxChanged changed when names.TryGetValue(changed.Inbox, out var name):
                subscriptions[name] = subscriptions[name] with { State = changed.State };
                break;
            case Terminated { Actor: var inbox } when names.Remove(inbox, out var name):
                subscriptions.Remove(name);
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private ModeAnswer Publish(ModeRequest request)
    {
        var receipt = node.PubSub.Publish(TopicKind.Topic, ByteString.CopyFromUtf8(request.Text("topic")), ByteString.CopyFromUtf8(request.Text("message")), request.Text("to") == "group");
        return receipt.Error is { } refused ? ModeAnswer.Failed(refused) : ModeAnswer.Ok(new PublishedAnswer(receipt.Here, receipt.Nodes, receipt.Elsewhere), PubSubJson.Default.PublishedAnswer);
    }

    private void Subscribe(ModeRequest request)
    {
        var name = request.Text("subscription");
        var filter = new TopicFilter(request.Text("kind") == "pattern" ? TopicKind.Pattern : TopicKind.Topic, ByteString.CopyFromUtf8(request.Text("name")), request.Find("group"));
        if (!subscriptions.TryGetValue(name, out var known))
        {
            if (subscriptions.Count >= MaxSubscriptions)
            {
                Refuse(ErrorCode.Overloaded, $"{node.Name} keeps {MaxSubscriptions} subscriptions for clients, the most it may: subscribe at another node");
                return;
            }

            var (lease, kept, subscriber) = (request.Duration("lease"), new InboxCore(request.Text("when-full") == PubSubOperations.DropOldest), new InboxSubscriber());
            subscriber.Inbox = Context.ActorOf(Props.Create(() => new InboxActor(node, name, filter, lease, kept, subscriber)));
            if (node.PubSub.Subscribe(filter, subscriber) is { } refused)
            {
                Context.Stop(subscriber.Inbox);
                Refuse(refused.Code, refused.Message);
                return;
            }

            known = (Context.Watch(subscriber.Inbox), filter, InboxActor.Word(InboxState.Open));
            subscriptions.Add(name, known);
            names.Add(known.Inbox, name);
        }
        else if (known.Filter != filter)
        {
            Refuse(ErrorCode.Conflict, $"subscription '{name}' is to {known.Filter} and not to {filter}: subscribe under another name");
            return;
        }

        known.Inbox.Tell(request, Sender);
    }

    private void PassOn(ModeRequest request)
    {
        if (subscriptions.TryGetValue(request.Text("subscription"), out var known))
        {
            known.Inbox.Tell(request, Sender);
        }
        else
        {
            Refuse(ErrorCode.NotFound, $"{node.Name} keeps no subscription '{request.Text("subscription")}': it was made at another node, or is over");
        }
    }

    private ModeAnswer List() => ModeAnswer.Ok(
        new SubscriptionsAnswer(
            node.Name.ToString(),
            [.. subscriptions.Select(known => new SubscriptionView(known.Key, known.Value.Filter.Kind.ToString().ToLowerInvariant(), known.Value.Filter.Name.ToStringUtf8(), known.Value.Filter.Group, known.Value.State))]),
        PubSubJson.Default.SubscriptionsAnswer);

    private void Refuse(ErrorCode code, string why) => Sender.Tell(ModeAnswer.Failed(new ClusterError(code, why)), Self);
}
