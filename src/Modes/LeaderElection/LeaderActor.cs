using Cluster.Engine.Port;
using Cluster.Modes.Hosting;
using Cluster.Shared.Results;

namespace Cluster.Modes.LeaderElection;

/// <summary>
/// One life of the leader: the engine's singleton under one epoch. It spreads tickets over the nodes that it can reach, and writes each into the book under its epoch before it
/// answers. Before each step that others see it asks whether it may still act; the book refuses it if even that was too long ago.
/// </summary>
internal sealed class LeaderActor(IModeNode node, SingletonContext life, ElectionFigures figures) : Actor
{
    /// <summary>Requests that wait for the book; more are refused, since whoever asked has given up by then.</summary>
    private const int MostWaiting = 1_000;

    private readonly IShardRegion book = node.Sharding.Start(TicketDecider.Type);
    private readonly bool isUnfenced = node.HasFlaw(LeaderElectionMode.NoFencing) || node.HasFlaw(LeaderElectionMode.LowestId);

    /// <summary>In the order in which the book was asked, which is the order in which it answers.</summary>
    private readonly Queue<(IActorRef Asker, long Request)> waiting = new();
    private int turn;

    private string Unsure => $"{node.Name} is not sure to lead any more (epoch {life.Epoch}): ask again, and the next leader answers";

    private bool MayAct => isUnfenced || life.MayAct;

    protected override void PreStart()
    {
        figures.Reigns.Add(1);
        node.Tell($"{node.Name} leads {life.Name} (epoch {life.Epoch})");
    }

    protected override void PostStop() => node.Tell($"{node.Name} does not lead {life.Name} any more (epoch {life.Epoch})");

    protected override void Receive(object message)
    {
        switch (message)
        {
            case TakeTicket take:
                Take(take);
                break;
            case AskWhoLeads asked when MayAct:
                Sender.Tell(new Leads(asked.Request, node.Name.ToString(), life.Epoch), Self);
                break;
            case AskWhoLeads asked:
                Refuse(Sender, asked.Request, ErrorCode.Unavailable, Unsure);
                break;
            case TicketAssigned or EntityRefused or EntityUnavailable:
                Answer(message);
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private void Take(TakeTicket take)
    {
        var workers = node.Members.Current.Where(member => member is { IsUp: true, IsReachable: true }).Select(member => member.Name.ToString()).ToArray();
        if (!MayAct || workers.Length == 0)
        {
            Refuse(Sender, take.Request, ErrorCode.Unavailable, Unsure);
        }
        else if (waiting.Count >= MostWaiting)
        {
            Refuse(Sender, take.Request, ErrorCode.Overloaded, $"{waiting.Count} requests wait for the book; send it again later");
        }
        else
        {
            waiting.Enqueue((Sender, take.Request));
            book.Tell(new ToEntity(TicketDecider.BookId, new AssignTicket(life.Epoch, node.Name.ToString(), workers[turn++ % workers.Length], isUnfenced)), Self);
        }
    }

    private void Answer(object reply)
    {
        var (asker, request) = waiting.Dequeue();
        switch (reply)
        {
            case TicketAssigned ticket:
                figures.Tickets.Add(1);
                asker.Tell(new TicketTaken(request, ticket), Self);
                break;
            case EntityRefused refused:
                figures.Fenced.Add(1);
                Refuse(asker, request, ErrorCode.Unavailable, refused.Reason);
                break;
            case EntityUnavailable unavailable:
                Refuse(asker, request, unavailable.Error.Code, unavailable.Error.Message);
                break;
        }
    }

    private void Refuse(IActorRef asker, long request, ErrorCode code, string why) => asker.Tell(new NotServed(request, code, why), Self);
}
