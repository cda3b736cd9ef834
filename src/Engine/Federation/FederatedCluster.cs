using Cluster.Shared.Ids;

namespace Cluster.Engine.Federation;

/// <summary>Another cluster that this one is federated with: it never becomes part of it, and only registered actors of the two speak to each other.</summary>
/// <param name="Name">What its nodes call their cluster; names differ among all federated clusters, and so do the names of their nodes.</param>
/// <param name="Contacts">Remoting addresses of some of its nodes, through which it is spoken to: as many as may be down at one time, and one more.</param>
public sealed record FederatedCluster(string Name, IReadOnlyList<NodeAddress> Contacts);
