using Cluster.Engine.Actors.Remote;
using Cluster.Engine.Port;
using Cluster.Engine.Remoting;
using Cluster.Shared.Results;
using Cluster.Shared.Wire;

namespace Cluster.Engine.PubSub;

/// <summary>
/// The mediator of one node: tells other nodes what this one has subscribers to, keeps the routes to theirs, and subscribes actors, for as long as they live. The shell round
/// <see cref="TopicRegistryCore"/>; messages themselves do not pass here but through <see cref="TopicHub"/>.
/// </summary>
internal sealed class PubSubActor(IPubSub pubSub, TopicHub hub, TopicRegistryCore registry, PubSubServices services) : Actor
{
    private readonly Dictionary<IActorRef, HashSet<TopicFilter>> actors = [];

    private TimeSpan Now => Context.System.Time.Elapsed();

    protected override void PreStart()
    {
        Timers.StartPeriodic(nameof(GossipTick), GossipTick.Instance, hub.Options.GossipInterval);
        UseMembers();
        TellChanges();
    }

    protected override void PostStop()
    {
        foreach (var (actor, filters) in actors)
        {
            Forget(actor, filters);
        }
    }

    protected override void Receive(object message)
    {
        switch (message)
        {
            case InterestChanged:
                TellChanges();
                break;
            case GossipReceived received:
                OnGossip(received);
                break;
            case GossipTick:
                Tick();
                break;
            case MembersChanged:
                UseMembers();
                break;
            case PeerLinked linked:
                if (services.Views.Current.FindMember(linked.Address) is { } member)
                {
                    Act(registry.Compare(member.Node));
                }

                break;
            case Subscribe subscribe:
                Sender.Tell(OnSubscribe(subscribe), Self);
                break;
            case Unsubscribe unsubscribe:
                OnUnsubscribe(unsubscribe);
                Sender.Tell(new UnsubscribeAck(unsubscribe), Self);
                break;
            case Publish publish:
                pubSub.Publish(publish.Topic, publish.Message, publish.SendOneMessageToEachGroup);
                break;
            case Terminated terminated:
                if (actors.Remove(terminated.Actor, out var filters))
                {
                    Forget(terminated.Actor, filters);
                }

                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private void Tick()
    {
        UseMembers(); // A node's own number comes without a message.
        TellChanges();
        registry.Tick(Now);
        if (registry.Peers.Count > 0)
        {
            Act(registry.Compare(registry.Peers.ElementAt(Context.System.Random.Next(registry.Peers.Count))));
        }
    }

    private void UseMembers()
    {
        registry.Become(services.Local.Node, services.Local.Identity.Incarnation, Now);
        Act(registry.UseMembers(services.Views.Current.Members.Where(member => member.IsAlive).Select(member => (member.Node, member.Incarnation))));
    }

    private void TellChanges()
    {
        foreach (var (filter, subscribers) in hub.TakeChanges())
        {
            registry.SetOwn(filter, subscribers, Now);
        }

        Act(registry.TellChanges());
    }

    private void OnGossip(GossipReceived received)
    {
        if (services.Views.Current.FindMember(received.From.Address) is not { } from)
        {
            return; // No member yet, for all that is known here; the link, or the next comparison, brings it again.
        }

        if (received.Frame.BodyCase == PubSubFrame.BodyOneofCase.Status)
        {
            Act(registry.Receive(from.Node, received.Frame.Status));
        }
        else
        {
            Act(registry.Receive(from.Node, received.Frame.Delta, Now));
        }
    }

    private void Act(IReadOnlyList<RegistryEffect> effects)
    {
        foreach (var effect in effects)
        {
            switch (effect)
            {
                case RouteChanged changed:
                    hub.Apply(changed);
                    break;
                case RoutesDropped dropped:
                    hub.Apply(dropped);
                    break;
                case SendGossip gossip:
                    services.Send(gossip.To, gossip.Frame, Lane.Interactive);
                    break;
                default:
                    throw new InvalidOperationException($"unknown effect {effect}");
            }
        }
    }

    private object OnSubscribe(Subscribe subscribe)
    {
        if (subscribe.Subscriber is RemoteActorRef)
        {
            return new SubscribeRefused(subscribe, new ClusterError(ErrorCode.BadRequest, $"{subscribe.Subscriber.Path} is an actor of another node: subscribe it at its own node's mediator"));
        }

        if (hub.Subscribe(subscribe.Filter, new ActorSubscriber(subscribe.Subscriber)) is { } refused)
        {
            return new SubscribeRefused(subscribe, refused);
        }

        if (!actors.TryGetValue(subscribe.Subscriber, out var filters))
        {
            actors.Add(Context.Watch(subscribe.Subscriber), filters = []);
        }

        filters.Add(subscribe.Filter);
        return new SubscribeAck(subscribe);
    }

    private void OnUnsubscribe(Unsubscribe unsubscribe)
    {
        hub.Unsubscribe(unsubscribe.Filter, new ActorSubscriber(unsubscribe.Subscriber));
        if (actors.TryGetValue(unsubscribe.Subscriber, out var filters) && filters.Remove(unsubscribe.Filter) && filters.Count == 0)
        {
            actors.Remove(unsubscribe.Subscriber);
            Context.Unwatch(unsubscribe.Subscriber);
        }
    }

    private void Forget(IActorRef actor, HashSet<TopicFilter> filters)
    {
        foreach (var filter in filters)
        {
            hub.Unsubscribe(filter, new ActorSubscriber(actor));
        }
    }
}
