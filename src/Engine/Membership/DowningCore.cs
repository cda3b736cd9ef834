using Cluster.Engine.ControlPlane;
using Cluster.Shared.Ids;

namespace Cluster.Engine.Membership;

/// <summary>
/// Who is marked down without anybody saying so: nobody by default; with <see cref="DowningOptions.DownAfter"/>, members that the control plane's leader has
/// suspected for that long, and only while a majority of all members is on its side. Pure.
/// </summary>
/// <remarks>
/// Two guards, either of which would do against a split brain: the decision has to be committed by group 0, so a leader without a majority of the voters
/// decides nothing; and a leader that sees most members silent doubts its own links first, and downs nobody. Being down is final, so this must be right.
/// </remarks>
internal static class DowningCore
{
    /// <summary>The members to mark down now, in ascending order.</summary>
    /// <param name="self">The leader of group 0: it never marks itself.</param>
    /// <param name="holdsMajority">Whether a majority of group 0's voters has answered this leader within its last election timeout (check-quorum).</param>
    /// <param name="suspectedSince">Since when this leader's detector has suspected a member, on the clock of <paramref name="now"/>; null when it does not.</param>
    public static IReadOnlyList<NodeId> Decide(
        ControlView view, NodeId self, bool holdsMajority, Func<NodeId, TimeSpan?> suspectedSince, TimeSpan now, DowningOptions options)
    {
        if (!holdsMajority)
        {
            return [];
        }

        return Overdue(view, self, suspectedSince, now, options.DownAfter);
    }

    /// <summary>
    /// The members that have been suspected for <paramref name="after"/>, in ascending order; nobody while half of them or more are silent, since then it is
    /// more likely that this node is the one that is cut off.
    /// </summary>
    public static IReadOnlyList<NodeId> Overdue(ControlView view, NodeId self, Func<NodeId, TimeSpan?> suspectedSince, TimeSpan now, TimeSpan? after)
    {
        if (after is null)
        {
            return [];
        }

        var overdue = new List<NodeId>();
        var (counted, heard) = (0, 0);
        foreach (var member in view.Members)
        {
            if (!member.IsAlive)
            {
                continue;
            }

            counted++;
            if (member.Node == self || suspectedSince(member.Node) is not { } since)
            {
                heard++;
            }
            else if (now - since >= after)
            {
                overdue.Add(member.Node);
            }
        }

        return heard > counted / 2 ? overdue : [];
    }
}
