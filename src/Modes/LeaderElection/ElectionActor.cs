using Cluster.Engine.Port;
using Cluster.Modes.Hosting;
using Cluster.Shared.Results;

namespace Cluster.Modes.LeaderElection;

/// <summary>The door on each node: offers the node as a place for the leader, passes clients' requests to wherever it lives, and gives each its answer, or says in time that there is none.</summary>
internal sealed class ElectionActor : Actor
{
    /// <summary>Shorter than a client's patience, so that it is told what is known and not only that time is up.</summary>
    private static readonly TimeSpan Patience = ModeHost.Patience - TimeSpan.FromMilliseconds(500);

    private readonly Dictionary<long, (IActorRef Client, string Operation)> open = [];
    private readonly IModeNode node;
    private readonly IShardRegion book;
    private readonly IActorRef leader;
    private long last;

    public ElectionActor(IModeNode node)
    {
        this.node = node;
        book = node.Sharding.Start(TicketDecider.Type);
        var figures = new ElectionFigures(node);
        leader = node.HasFlaw(LeaderElectionMode.LowestId)
            ? Context.ActorOf(Props.Create(() => new LowestIdElection(node, figures)), LowestIdElection.ActorName)
            : node.Singletons.Start(LeaderElectionMode.Slug, life => Props.Create(() => new LeaderActor(node, life, figures)));
    }

    protected override void Receive(object message)
    {
        switch (message)
        {
            case ModeRequest { Operation: LeaderElectionMode.Take }:
                leader.Tell(new TakeTicket(Open(LeaderElectionMode.Take)), Self);
                break;
            case ModeRequest { Operation: LeaderElectionMode.Who }:
                leader.Tell(new AskWhoLeads(Open(LeaderElectionMode.Who)), Self);
                break;
            case ModeRequest { Operation: LeaderElectionMode.Book }:
                var reader = Sender;
                Context.ActorOf(Props.Create(() => new BookReaderActor(book, reader)));
                break;
            case TicketTaken taken:
                Close(taken.Request, ModeAnswer.Ok(taken.Ticket, ElectionJson.Default.TicketAssigned));
                break;
            case NotServed not:
                Close(not.Request, ModeAnswer.Failed(new ClusterError(not.Code, not.Why)));
                break;
            case Leads leads:
                Close(leads.Request, ModeAnswer.Ok(leads, ElectionJson.Default.Leads));
                break;
            case GaveUp over:
                GiveUp(over.Request);
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private long Open(string operation)
    {
        open.Add(++last, (Sender, operation));
        Timers.StartSingle(last, new GaveUp(last), Patience);
        return last;
    }

    private void Close(long request, ModeAnswer answer)
    {
        if (open.Remove(request, out var asked))
        {
            Timers.Cancel(request);
            asked.Client.Tell(answer, Self);
        }
    }

    /// <summary>A request to take a ticket may still wait for the next leader, which will then assign one that nobody hears of.</summary>
    private void GiveUp(long request)
    {
        if (open.GetValueOrDefault(request).Operation is { } operation)
        {
            var why = $"no leader has answered {node.Name} within {Patience.TotalSeconds:0.#} s: one is being elected, or this node cannot reach it";
            Close(request, operation == LeaderElectionMode.Take ? ModeAnswer.Failed(new ClusterError(ErrorCode.OutcomeUnknown, why)) : ModeAnswer.Unavailable(why));
        }
    }

    private sealed record GaveUp(long Request);
}
