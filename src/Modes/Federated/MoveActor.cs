using Cluster.Engine.Port;
using Cluster.Modes.Hosting;

namespace Cluster.Modes.Federated;

/// <summary>
/// Moves a region's home, group by group. A failover is decided in the cluster that takes over, asking nobody else; a planned move begins at the present home, and goes on by itself. Both may be ordered again: where the home
/// is already, nothing changes.
/// </summary>
internal sealed class MoveActor(FederatedNode node, ModeRequest asked, IActorRef client) : Actor
{
    private readonly SortedDictionary<string, GroupView> moved = new(StringComparer.Ordinal);
    private readonly string region = asked.Text(FederatedMode.Region);

    private bool IsFailover => asked.Operation == FederatedMode.Failover;

    private string To => asked.Find(FederatedMode.To) ?? (IsFailover ? node.Map.Here : region);

    protected override void PreStart()
    {
        var (door, self, to) = (Context.Parent, Self, To);
        foreach (var group in RegionMap.GroupsOf(region))
        {
            Context.ActorOf(IsFailover
                ? Props.Create(() => new GroupCall(node, group, new TakeHome(), CallTo.Cluster, to, door, self))
                : Props.Create(() => new GroupCall(node, group, new HandOver(to), CallTo.Home, null, door, self)));
        }
    }

    protected override void Receive(object message)
    {
        if (message is GroupAnswered { Reply: GroupStanding standing })
        {
            if (node.Board.Note(standing.Group, standing.Home) && IsFailover)
            {
                node.Host.Tell($"failover: {standing.Home.Home} is the home of {standing.Group} now, under epoch {standing.Home.Number}; it has what was written up to {standing.Home.At}");
            }

            moved[standing.Group] = GroupView.Of(standing);
            if (moved.Count == RegionMap.Groups)
            {
                End(ModeAnswer.Ok(new MoveView(region, To, moved.Values.All(group => group.Home == To), [.. moved.Values]), RegionViewsJson.Default.MoveView));
            }
        }
        else if (message is GroupAnswered failed)
        {
            End(failed.Failure);
        }
    }

    private void End(ModeAnswer answer)
    {
        client.Tell(answer, Context.Parent);
        Context.Stop(Self);
    }
}
