using System.Collections.Immutable;
using Cluster.Shared.Ids;
using Cluster.Shared.Wire;

namespace Cluster.Engine.ControlPlane;

/// <summary>
/// What the leader of group 0 does of itself to move members along, as Akka's leader does: joining to up, leaving to exiting, exiting and down to removed.
/// Pure and level-triggered: asked again after each decision, it proposes whatever is due.
/// </summary>
internal static class LeaderActions
{
    /// <summary>The status changes that are due, in ascending order of node.</summary>
    /// <param name="isReachable">Whether this leader can reach the member: one that is up must be there to be counted on.</param>
    /// <param name="holdsReplicas">Whether some group may still have the member in its configuration: the table is ahead of the groups.</param>
    /// <param name="controlVoters">The voters of group 0: none of them may go, and with a removal goes who would remain of them.</param>
    public static IReadOnlyList<ChangeStatus> Due(
        ControlView view, Func<NodeId, bool> isReachable, Func<ControlMember, bool> holdsReplicas, ImmutableArray<NodeId> controlVoters)
    {
        var due = new List<ChangeStatus>();
        foreach (var member in view.Members)
        {
            var next = member.Status switch
            {
                MemberStatus.Joining when isReachable(member.Node) => MemberStatus.Up,
                MemberStatus.Leaving when IsFree(member) => MemberStatus.Exiting,

                // An exiting node stops when it sees that status; it is removed once it is gone, or it would never learn that it may stop.
                MemberStatus.Exiting when !isReachable(member.Node) => MemberStatus.Removed,
                MemberStatus.Down when IsFree(member) => MemberStatus.Removed,
                _ => MemberStatus.Unspecified,
            };
            if (next == MemberStatus.Unspecified)
            {
                continue;
            }

            // What would be refused (a removal that costs a majority) is not due: proposed again and again it would keep the leader from everything else.
            var change = next == MemberStatus.Removed ? Remove(view, member, isReachable, controlVoters) : new ChangeStatus { Node = member.Node.Value, Status = next };
            if (ControlDecider.Decide(view, new ControlCommand { ChangeStatus = change }).Event is not null)
            {
                due.Add(change);
            }
        }

        return due;

        bool IsFree(ControlMember member) => view.ReplicaCount(member.Node) == 0 && !controlVoters.Contains(member.Node) && !holdsReplicas(member);
    }

    /// <summary>The command that removes a member, with what the decision needs to know of who would remain.</summary>
    public static ChangeStatus Remove(ControlView view, ControlMember member, Func<NodeId, bool> isReachable, ImmutableArray<NodeId> controlVoters) => new()
    {
        Node = member.Node.Value,
        Status = MemberStatus.Removed,
        Unreachable = { view.Members.Where(other => !isReachable(other.Node)).Select(other => other.Node.Value) },
        ControlVoters = { controlVoters.Select(voter => voter.Value) },
    };
}
