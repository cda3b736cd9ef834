using Cluster.Engine.Port;
using Cluster.Shared.Ids;

namespace Cluster.Modes.Federated;

/// <summary>
/// Which node of a cluster follows a group's home, by the highest random weight (Thaler and Ravishankar 1998) among those that are up and heard. Two nodes that differ both follow, or neither for a moment: positions make
/// the one harmless, and the next look mends the other. So no lease is needed, and none is waited for.
/// </summary>
internal static class Duty
{
    public static ClusterMember? Of(string group, IReadOnlyList<ClusterMember> members, NodeName self) =>
        members.Where(member => member.IsUp && (member.IsReachable || member.Name == self)).MaxBy(member => (Weight(member.Name.ToString(), group), member.Name.ToString()));

    /// <summary>FNV-1a, mixed as SplitMix64 does: names of nodes differ in one character, and their weights must not.</summary>
    private static ulong Weight(string node, string group)
    {
        var hash = 14695981039346656037UL;
        foreach (var letter in $"{node} {group}")
        {
            hash = (hash ^ letter) * 1099511628211;
        }

        hash = (hash ^ (hash >> 30)) * 0xbf58476d1ce4e5b9;
        hash = (hash ^ (hash >> 27)) * 0x94d049bb133111eb;
        return hash ^ (hash >> 31);
    }
}
