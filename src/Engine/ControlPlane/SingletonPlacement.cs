using Cluster.Shared.Ids;
using Cluster.Shared.Wire;

namespace Cluster.Engine.ControlPlane;

/// <summary>
/// Where a singleton should live: on the oldest member that is up and reachable, as in Akka, and there it stays while its node is up and heard. Pure; asked by
/// the leader of group 0, which proposes the answer.
/// </summary>
/// <remarks>
/// A node that is only silent may still run it: what keeps two of them from both committing is the epoch of the placement, which every write of a singleton
/// carries. One that has moved does not move back when its old node returns.
/// </remarks>
internal static class SingletonPlacement
{
    /// <summary>
    /// How long a singleton's node may be suspected before the singleton moves: with the detector's own 1.8 s a silence of nearly five seconds moves nothing. That only one acts does not rest on it, but on the
    /// wait of the new node until the old one's lease is over (<see cref="Singleton.SingletonOptions.TakeoverWait"/>); it only has to be longer than that wait, so that a node that lost its lease has stopped
    /// before anybody is asked to start.
    /// </summary>
    public static readonly TimeSpan DefaultMargin = TimeSpan.FromSeconds(3);

    /// <summary>The placement to propose; null when the singleton is where it should be, or nobody could take it.</summary>
    /// <param name="suspectedSince">Since when this leader's detector has suspected a member, on the clock of <paramref name="now"/>; null when it does not.</param>
    /// <param name="role">Only members of this role may run it; null for any.</param>
    public static PlaceSingleton? Decide(ControlView view, string name, string? role, Func<NodeId, TimeSpan?> suspectedSince, TimeSpan now, TimeSpan margin)
    {
        var current = view.FindSingleton(name);
        if (current is not null && view.IsUp(current.Node) && !(suspectedSince(current.Node) is { } since && now - since >= margin))
        {
            return null;
        }

        ControlMember? oldest = null;
        foreach (var member in view.Members)
        {
            if (member.IsUp && suspectedSince(member.Node) is null && (role is null || member.Roles.Contains(role, StringComparer.Ordinal))
                && (oldest is null || member.UpEpoch < oldest.UpEpoch))
            {
                oldest = member;
            }
        }

        return oldest is null ? null : new PlaceSingleton { Name = name, Node = oldest.Node.Value, ExpectedEpoch = current?.Epoch ?? 0 };
    }
}
