using Cluster.Shared.Ids;

namespace Cluster.Engine.Port;

/// <summary>A member of the cluster, as one node sees it.</summary>
/// <param name="IsUp">Whether it is a full member: neither on its way in nor out.</param>
/// <param name="IsReachable">Whether this node hears it; another node may differ.</param>
/// <param name="Age">Rises with each member that becomes up: the oldest has the smallest. 0 before.</param>
/// <param name="Roles">What it is for, in the user's words; sorted.</param>
public sealed record ClusterMember(NodeName Name, NodeAddress Address, bool IsUp, bool IsReachable, ulong Age, IReadOnlyList<string> Roles);
