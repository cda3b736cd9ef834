using Cluster.Engine.Port;
using Cluster.Modes.Hosting;
using Cluster.Shared.Results;

namespace Cluster.Modes.Federated;

/// <summary>
/// Moves a region's home, group by group. A failover is decided in the cluster that takes over, asking nobody else; a planned move begins at the present home, and goes on by itself. Both may be ordered again: where the home
/// is already, nothing changes.
/// </summary>
internal sealed class MoveActor(FederatedNode node, ModeRequest asked, IActorRef client) : Actor
{
    private readonly SortedDictionary<string, GroupView> moved = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, ClusterError> failed = new(StringComparer.Ordinal);
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
            Conclude();
        }
        else if (message is GroupAnswered none)
        {
            failed[none.Group] = none.Failure.Error!;
            Conclude();
        }
    }

    /// <summary>Each group decides by itself: that one has not moved says nothing of the others, so all of them are heard before anybody is told that there was no effect.</summary>
    private void Conclude()
    {
        if (moved.Count + failed.Count < RegionMap.Groups)
        {
            return;
        }

        var why = string.Join("; ", failed.Select(group => $"{group.Key}: {group.Value.Message}"));
        End(failed.Count == 0 ? ModeAnswer.Ok(new MoveView(region, To, moved.Values.All(group => group.Home == To), [.. moved.Values]), RegionViewsJson.Default.MoveView)
            : moved.Count > 0 ? ModeAnswer.Failed(new ClusterError(ErrorCode.OutcomeUnknown, $"{string.Join(", ", moved.Keys)} have taken the order to {To}, the others may not have: order it again; {why}"))
            : ModeAnswer.Failed(new ClusterError(failed.Values.FirstOrDefault(error => error.Code == ErrorCode.OutcomeUnknown)?.Code ?? failed.Values.First().Code, why)));
    }

    private void End(ModeAnswer answer)
    {
        client.Tell(answer, Context.Parent);
        Context.Stop(Self);
    }
}
