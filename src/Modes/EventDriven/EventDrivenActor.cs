using Cluster.Engine.Port;
using Cluster.Modes.Hosting;
using Cluster.Shared.Results;

namespace Cluster.Modes.EventDriven;

/// <summary>The bus's door on one node, and the node's consumers: reads the registry now and then, and has a member for each subscription.</summary>
internal sealed class EventDrivenActor : Actor
{
    private const int MaxRequests = 2_000;

    /// <summary>Between two looks at the registry: one small read a second of the copy that is nearest, also of a cluster that uses no events.</summary>
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    private readonly IModeNode node;
    private readonly EventDrivenServices services;
    private readonly Dictionary<string, IActorRef> subscriptions = new(StringComparer.Ordinal);
    private int open;

    public EventDrivenActor(IModeNode node) => (this.node, services) = (node, new EventDrivenServices(node));

    /// <summary>A request that fails is not begun again: it may have taken effect. A member that fails is begun again with the next look.</summary>
    protected override SupervisorStrategy SupervisorStrategy => SupervisorStrategy.Stopping;

    protected override void PreStart() => Timers.StartPeriodic(nameof(Look), Look.Instance, LookEvery);

    protected override void Receive(object message)
    {
        switch (message)
        {
            case ModeRequest when open == MaxRequests:
                Sender.Tell(ModeAnswer.Failed(new ClusterError(ErrorCode.Overloaded, $"{node.Name} has {MaxRequests} requests for events under way, the most it may: ask another node, or later")), Self);
                break;
            case ModeRequest request:
                open++;
                Context.Watch(Context.ActorOf(Serve(request, Sender)));
                break;
            case Look:
                services.Registry.Tell(new AskStale(BusCore.Id, new ReadBus()), Self);
                break;
            case BusState bus:
                services.Bus = bus;
                Consume(bus);
                break;
            case EntityUnavailable or EntityRefused:
                break; // It looks again.
            case Terminated { Actor: var actor } when subscriptions.FirstOrDefault(member => member.Value.Equals(actor)) is { Value: not null } member:
                subscriptions.Remove(member.Key);
                break;
            case Terminated:
                open--;
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private Props Serve(ModeRequest request, IActorRef client) => request.Operation is "dead-letters" or "redrive"
        ? Props.Create(() => new DeadLetterActor(services, request, client))
        : Props.Create(() => new BusActor(services, request, client));

    private void Consume(BusState bus)
    {
        foreach (var name in bus.Subscriptions.Keys.Where(name => !subscriptions.ContainsKey(name)))
        {
            subscriptions.Add(name, Context.Watch(Context.ActorOf(Props.Create(() => new SubscriptionActor(services, name)))));
        }

        foreach (var (name, member) in subscriptions.Where(member => !bus.Subscriptions.ContainsKey(member.Key)))
        {
            Context.Stop(member);
        }
    }

    private sealed class Look
    {
        public static readonly Look Instance = new();
    }
}
