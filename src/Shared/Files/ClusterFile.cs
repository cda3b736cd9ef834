namespace Cluster.Shared.Files;

/// <summary>
/// <c>cluster.json</c>: what <c>lab up</c> started and where it listens. Scripts rely on its names; fields are added, never renamed.
/// </summary>
/// <param name="Name">The cluster's name.</param>
public sealed record ClusterFile(string Name, IReadOnlyList<ClusterFileNode> Nodes)
{
    /// <summary>The PostgreSQL that the nodes use; null: they use none.</summary>
    public ClusterFileDatabase? Postgres { get; init; }
}

/// <summary>A database beside the nodes.</summary>
/// <param name="Pid">Its postmaster's; 0 where somebody else runs it.</param>
/// <param name="Url">Where it is, without the password.</param>
/// <param name="Data">Its data directory; null where somebody else runs it.</param>
public sealed record ClusterFileDatabase(int Pid, string Url, string? Data);

/// <summary>One started node. <paramref name="Http"/> is a URL, the other two are host:port.</summary>
/// <param name="Ca">PEM file of the authority by which its doors are verified, where they speak TLS; null: they speak plaintext.</param>
/// <param name="Cluster">The name of its cluster, where several stand side by side and are federated; null: all nodes are of one, which has the file's name.</param>
public sealed record ClusterFileNode(string Name, int Pid, string Remoting, string Http, string Resp, string? Ca = null, string? Cluster = null);
