using Cluster.Engine.Port;
using Cluster.Shared.Ids;
using Cluster.Shared.Slots;
using System.Text;

namespace Cluster.Modes.Federated;

/// <summary>
/// Which node of a cluster follows a group's home, by the highest random weight (Thaler and Ravishankar 1998) among those that are up and heard. Two nodes that differ both follow, or neither for a moment: positions make
/// the one harmless, and the next look mends the other. So no lease is needed, and none is waited for.
/// </summary>
internal static class Duty
{
    public static ClusterMember? Of(string group, IReadOnlyList<ClusterMember> members, NodeName self) =>
        members.Where(member => member.IsUp && (member.IsReachable || member.Name == self)).OrderBy(member => HashSlot.Of(Encoding.UTF8.GetBytes($"{member.Name} {group}"))).ThenBy(member => member.Name.ToString(), StringComparer.Ordinal).FirstOrDefault();
}
