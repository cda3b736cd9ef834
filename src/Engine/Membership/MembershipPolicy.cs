using Cluster.Engine.ControlPlane;
using Cluster.Engine.Remoting;
using Cluster.Shared.Wire;

namespace Cluster.Engine.Membership;

/// <summary>
/// Refuses links to nodes that the cluster has removed: their data is of no use any more, and their votes least of all. Frees the names of those that are down
/// or on their way out, and of those that this node does not hear: a replacement may knock while its predecessor is still being removed, also at a node that has not learnt of that yet. Whether it is let in, the control plane decides.
/// </summary>
internal sealed class MembershipPolicy(ControlViews views, ReachabilityBoard reachability) : IHandshakePolicy
{
    public string? Judge(Hello hello)
    {
        var view = views.Current;
        return ControlRecords.TryReadUid(hello.Uid, out var uid) && view.FindRemoved(uid) is { } removed
            ? $"{hello.Name} at {hello.Address} was removed from cluster {view.ClusterName} as {removed.Name} {removed.Node}; that data directory can never come back: start the node on an empty one, and it joins as a new member"
            : null;
    }

    public bool HoldsItsName(PeerIdentity known)
    {
        var view = views.Current;
        return !view.IsFormed || (view.FindMember(known.Uid) is { Status: not (MemberStatus.Down or MemberStatus.Exiting) } member && reachability.IsReachable(member.Node));
    }
}
