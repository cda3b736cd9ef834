using Cluster.Engine.ControlPlane;
using Cluster.Engine.Port;
using Cluster.Shared.Ids;
using Cluster.Shared.Wire;

namespace Cluster.Engine.Membership;

/// <summary>Which lives of nodes are over by decision of the control plane: who watches actors there is told. Silence alone ends nobody.</summary>
internal sealed partial class ClusterActor
{
    private readonly SortedDictionary<NodeId, Life> lives = [];

    private void EndLives(ControlView view)
    {
        foreach (var gone in lives.Where(life => view.FindMember(life.Key) is null).ToArray())
        {
            End(gone.Value);
            lives.Remove(gone.Key);
        }

        foreach (var member in view.Members)
        {
            if (member.Node == services.Local.Node)
            {
                continue;
            }

            var life = new Life(new ActorAddress(member.Name, member.Address), member.Incarnation, member.Status == MemberStatus.Down);
            if (lives.TryGetValue(member.Node, out var before) && (before.Incarnation != life.Incarnation || life.IsOver))
            {
                End(before);
            }

            lives[member.Node] = life;
        }
    }

    private void End(Life life)
    {
        if (!life.IsOver)
        {
            services.NodeEnded(life.Address);
        }
    }

    private readonly record struct Life(ActorAddress Address, Incarnation Incarnation, bool IsOver);
}
