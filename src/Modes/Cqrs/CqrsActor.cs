using Cluster.Engine.Port;
using Cluster.Modes.Hosting;
using Cluster.Modes.Streams;
using Cluster.Shared.Results;
using Cluster.Shared.Wire;

namespace Cluster.Modes.Cqrs;

/// <summary>The two sides' door on one node, and the node's part in each projection. A command never waits for a projection, nor a query for an aggregate.</summary>
internal sealed class CqrsActor : Actor
{
    private const int MaxRequests = 2_000;

    /// <summary>After a member has failed.</summary>
    private static readonly TimeSpan Again = TimeSpan.FromSeconds(1);

    /// <summary>How often a node without orders looks, at the copies that it has, whether there are any now: a mode that nobody uses costs next to nothing.</summary>
    private static readonly TimeSpan LookForOrders = TimeSpan.FromSeconds(2);

    private readonly IModeNode node;
    private readonly CqrsServices services;
    private readonly Dictionary<IActorRef, string> members = [];
    private int open;
    private bool hasBegun;

    public CqrsActor(IModeNode node) => (this.node, services) = (node, new CqrsServices(node));

    /// <summary>A request that fails is not begun again: it may have taken effect.</summary>
    protected override SupervisorStrategy SupervisorStrategy => SupervisorStrategy.Stopping;

    protected override void PreStart() => Timers.StartSingle(nameof(Look), Look.Instance, LookForOrders);

    protected override void Receive(object message)
    {
        switch (message)
        {
            case ModeRequest when open == MaxRequests:
                Sender.Tell(ModeAnswer.Failed(new ClusterError(ErrorCode.Overloaded, $"{node.Name} has {MaxRequests} requests for orders under way, the most it may: ask another node, or later")), Self);
                break;
            case ModeRequest request:
                BeginAll();
                open++;
                Context.Watch(Context.ActorOf(Serve(request, Sender)));
                break;
            case Terminated ended when members.Remove(ended.Actor, out var projection):
                Timers.StartSingle(projection, new TakePart(projection), Again);
                break;
            case TakePart part:
                Begin(part.Projection);
                break;
            case Terminated:
                open--;
                break;
            case Look when !hasBegun:
                for (var partition = 0; partition < CqrsServices.Partitions; partition++)
                {
                    services.Log.Tell(LogSteps.Fetch(CqrsServices.Events(partition), 0, 1), Self, isStale: true);
                }

                Timers.StartSingle(nameof(Look), Look.Instance, LookForOrders);
                break;
            case LogReply { Status: LogStatus.Ok, Batches.Count: > 0 }:
                BeginAll();
                break;
            case Look or LogReply or LogUnavailable:
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    /// <summary>There are orders, or somebody asks for them: from now on this node has its part in every projection.</summary>
    private void BeginAll()
    {
        if (hasBegun)
        {
            return;
        }

        hasBegun = true;
        foreach (var projection in OrderProjections.All)
        {
            Begin(projection);
        }
    }

    private void Begin(string projection) => members.Add(Context.Watch(Context.ActorOf(Props.Create(() => new ProjectionActor(services, projection)))), projection);

    private Props Serve(ModeRequest request, IActorRef client) => request.Operation == "command"
        ? Props.Create(() => new CommandActor(services, request, client))
        : Props.Create(() => new QueryActor(services, request, client));

    private sealed record TakePart(string Projection);

    private sealed class Look
    {
        public static readonly Look Instance = new();
    }
}
