using Cluster.Engine.Port;
using Cluster.Modes.Hosting;

namespace Cluster.Modes.LeaderElection;

/// <summary>
/// How not to elect (the bully's shortcut): the node with the lowest name among those that this one can reach leads, and counts its own epochs. Nodes that reach different others
/// have different leaders, and each believes to be in its first reign. For <c>--bug lowest-id</c> only.
/// </summary>
internal sealed class LowestIdElection(IModeNode node, ElectionFigures figures) : Actor
{
    public const string ActorName = "lowest-id";

    private static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(100);

    private IActorRef? own;
    private ulong reigns;

    protected override void PreStart() => Timers.StartPeriodic(nameof(Look), Look.Instance, LookInterval);

    protected override void Receive(object message)
    {
        switch (message)
        {
            case Look:
                Elect();
                break;
            case TakeTicket or AskWhoLeads when own is not null:
                own.Tell(message, Sender);
                break;
            case TakeTicket or AskWhoLeads when Lowest is { } lowest && lowest.Name != node.Name:
                // The same actor there; the answer goes to whoever asked here.
                Context.System.Resolve(Self.Path.WithAddress(new ActorAddress(lowest.Name, lowest.Address)).ToString()).Tell(message, Sender);
                break;
            case TakeTicket or AskWhoLeads:
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private ClusterMember? Lowest => node.Members.Current.Where(member => member is { IsUp: true, IsReachable: true }).MinBy(member => member.Name.ToString(), StringComparer.Ordinal);

    private void Elect()
    {
        var leads = Lowest?.Name == node.Name;
        if (leads && own is null)
        {
            var life = new SingletonContext(LeaderElectionMode.Slug, ++reigns, static () => true);
            own = Context.ActorOf(Props.Create(() => new LeaderActor(node, life, figures)));
        }
        else if (!leads && own is not null)
        {
            Context.Stop(own);
            own = null;
        }
    }

    private sealed record Look
    {
        public static readonly Look Instance = new();
    }
}
