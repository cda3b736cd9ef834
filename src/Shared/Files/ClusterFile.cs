namespace Cluster.Shared.Files;

/// <summary>
/// <c>cluster.json</c>: what <c>lab up</c> started and where it listens. Scripts rely on its names; fields are added, never renamed.
/// </summary>
/// <param name="Name">The cluster's name.</param>
public sealed record ClusterFile(string Name, IReadOnlyList<ClusterFileNode> Nodes);

/// <summary>One started node. <paramref name="Http"/> is a URL, the other two are host:port.</summary>
/// <param name="Ca">PEM file of the authority by which its doors are verified, where they speak TLS; null: they speak plaintext.</param>
/// <param name="Cluster">The name of its cluster, where several stand side by side and are federated; null: all nodes are of one, which has the file's name.</param>
public sealed record ClusterFileNode(string Name, int Pid, string Remoting, string Http, string Resp, string? Ca = null, string? Cluster = null);
