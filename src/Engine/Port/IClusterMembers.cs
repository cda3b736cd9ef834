namespace Cluster.Engine.Port;

/// <summary>The cluster's members. Who is one is decided once for all; who can be reached, each node sees for itself.</summary>
public interface IClusterMembers
{
    /// <summary>As this node knows them now, in the order in which they joined. Empty before it has found its cluster.</summary>
    IReadOnlyList<ClusterMember> Current { get; }
}
