using Cluster.Shared.Ids;

namespace Cluster.Engine.Storage;

/// <summary>Who a data directory is: kept in <c>node.json</c>.</summary>
/// <param name="ClusterName">The cluster that the node was made for.</param>
/// <param name="ClusterId">The id that the cluster made for itself; empty until the node has joined.</param>
/// <param name="NodeId">The number that the control plane gave; none until the node has joined.</param>
/// <param name="Uid">Made with the directory: tells it from another one of the same name.</param>
/// <param name="Incarnation">How often the node has started on it.</param>
public sealed record NodeIdentity(string ClusterName, string ClusterId, NodeName NodeName, NodeId NodeId, Guid Uid, Incarnation Incarnation);
