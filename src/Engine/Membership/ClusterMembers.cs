using Cluster.Engine.ControlPlane;
using Cluster.Engine.Port;
using Cluster.Engine.Remoting;

namespace Cluster.Engine.Membership;

/// <summary>The members of the newest view, with what this node's own failure detector says of each.</summary>
internal sealed class ClusterMembers(LocalNode local, ControlViews views, ReachabilityBoard reachability) : IClusterMembers
{
    public IReadOnlyList<ClusterMember> Current =>
        [.. views.Current.Members.Select(member => new ClusterMember(member.Name, member.Address, member.IsUp, member.Node == local.Node || reachability.IsReachable(member.Node), member.UpEpoch, member.Roles))];
}
