using Cluster.Engine.Port;
using Cluster.Modes.Hosting;
using Cluster.Modes.Storage;
using Cluster.Shared.Results;

namespace Cluster.Modes.Federated;

/// <summary>The door on each node: a child for each request, the way to other clusters and back, and one child that keeps this cluster's copies up with their homes.</summary>
internal sealed class FederatedActor : Actor
{
    /// <summary>The name by which each cluster's nodes are known to the others.</summary>
    public const string Service = "federated";

    /// <summary>Requests of one node at a time, other clusters' included: more is overload.</summary>
    private const int MostRequests = 5_000;

    private readonly FederatedNode node;
    private readonly Dictionary<long, IActorRef> sent = [];
    private readonly Dictionary<IActorRef, List<long>> senders = [];
    private IActorRef? replicator;
    private long lastId;
    private int open;

    public FederatedActor(IModeNode host)
    {
        node = new FederatedNode(host);
        host.Federation.Register(Service, Self);
    }

    /// <summary>A request that fails is not begun again: it may have taken effect.</summary>
    protected override SupervisorStrategy SupervisorStrategy => SupervisorStrategy.Stopping;

    protected override void Receive(object message)
    {
        switch (message)
        {
            case ModeRequest asked:
                Begin();
                Take(asked);
                break;
            case FromCluster { Message: Forwarded forwarded } from:
                Begin();
                node.Board.Heard(from.Cluster, node.Now);
                Serve(forwarded);
                break;
            case FromCluster { Message: ForwardedReply reply } from:
                node.Board.Heard(from.Cluster, node.Now);
                Return(reply);
                break;
            case FromCluster from:
                Begin();
                node.Board.Heard(from.Cluster, node.Now);
                replicator?.Tell(from, Sender);
                break;
            case HomesNews news:
                Begin();
                Note(news);
                break;
            case LocalAsk ask:
                var reader = Sender;
                StartChild(Props.Create(() => new LocalReadActor(node, ask, reader)));
                break;
            case SendOver over:
                Send(over);
                break;
            case Terminated { Actor: var ended } when ended.Equals(replicator):
                replicator = null; // The next message begins it anew: it keeps nothing that the groups do not have.
                break;
            case Terminated { Actor: var ended }:
                open--;
                if (senders.Remove(ended, out var ids))
                {
                    ids.ForEach(id => sent.Remove(id));
                }

                break;
            default:
                Unhandled(message);
                break;
        }
    }

    /// <summary>A mode that nobody uses costs nothing, and one cluster alone follows nobody.</summary>
    private void Begin()
    {
        if (replicator is null && node.Map.Regions.Count > 1)
        {
            replicator = Context.Watch(Context.ActorOf(Props.Create(() => new ReplicatorActor(node))));
        }
    }

    private void Take(ModeRequest asked)
    {
        if (open == MostRequests)
        {
            Sender.Tell(ModeAnswer.Failed(new ClusterError(ErrorCode.Overloaded, $"{node.Host.Name} is at work on {MostRequests} requests of this mode: send it again later")), Self);
            return;
        }

        if ((asked.Find(FederatedMode.Region) ?? asked.Find(FederatedMode.To)) is { } named && FirstUnknown(asked) is { } unknown)
        {
            Sender.Tell(ModeAnswer.NotFound($"there is no region '{unknown}' (asked for: {named}); there are {string.Join(", ", node.Map.Regions)}{(node.Map.Regions.Count == 1 ? ": this cluster is federated with no other ('lab up --clusters 2', or --federate)" : "")}"), Self);
            return;
        }

        var client = Sender;
        StartChild(asked.Operation switch
        {
            StorageOperations.Scan => Props.Create(() => new ScanActor(node, asked, client)),
            StorageOperations.Where => Props.Create(() => new WhereActor(node, asked.Text(StorageOperations.Key), client)),
            FederatedMode.Regions => Props.Create(() => new RegionsActor(node, client)),
            FederatedMode.Conflicts => Props.Create(() => new ConflictsActor(node, client)),
            FederatedMode.Failover or FederatedMode.Home => Props.Create(() => new MoveActor(node, asked, client)),
            _ => Props.Create(() => new KeyActor(node, asked, client)),
        });
    }

    private string? FirstUnknown(ModeRequest asked) => new[] { asked.Find(FederatedMode.Region), asked.Find(FederatedMode.To) }.FirstOrDefault(name => name is not null && !node.Map.Regions.Contains(name));

    /// <summary>Another cluster's request: served here or refused, never sent on, so that two clusters that each take the other for the home do not play ball.</summary>
    private void Serve(Forwarded forwarded)
    {
        var asker = Sender;
        if (open == MostRequests)
        {
            asker.Tell(new ForwardedReply(forwarded.Id, null, Why: $"{node.Host.Name} is at work on {MostRequests} requests of this mode"), Self);
            return;
        }

        StartChild(Props.Create(() => new ForwardedActor(node, forwarded, asker)));
    }

    private void StartChild(Props props)
    {
        open++;
        Context.Watch(Context.ActorOf(props));
    }

    /// <summary>A child's request to another cluster. Its answer comes to this door, since a child is known to nobody else.</summary>
    private void Send(SendOver over)
    {
        var id = ++lastId;
        if (!node.Host.Federation.Tell(over.Cluster, Service, new Forwarded(id, over.Group, over.Command)))
        {
            Sender.Tell(new ForwardedReply(id, null, Why: $"no contact of cluster {over.Cluster} can be reached from {node.Host.Name}"), Self);
            return;
        }

        sent[id] = Sender;
        if (!senders.TryGetValue(over.Request, out var ids))
        {
            senders.Add(over.Request, ids = []);
        }

        ids.Add(id);
        node.CountForwarded();
    }

    private void Return(ForwardedReply reply)
    {
        if (sent.Remove(reply.Id, out var waiting))
        {
            waiting.Tell(reply, Self);
        }
    }

    private void Note(HomesNews news)
    {
        foreach (var said in news.Groups)
        {
            node.Board.NoteOwn(said.Group, said.Home);
        }

        foreach (var told in news.Told)
        {
            node.Board.Told(told.Cluster, told.Group, told.Home);
        }

        foreach (var (cluster, ago) in news.HeardMsAgo)
        {
            node.Board.Heard(cluster, node.Now - TimeSpan.FromMilliseconds(ago));
        }
    }
}

/// <summary>From a call to its door: send that command to another cluster, and give its answer to me.</summary>
/// <param name="Request">The door's child that it belongs to: when that ends, nobody waits any more.</param>
internal sealed record SendOver(string Cluster, string Group, GroupCommand Command, IActorRef Request);
