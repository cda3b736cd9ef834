using Cluster.Engine.Federation;
using Cluster.Shared.Ids;

namespace Cluster.Engine.Remoting;

/// <summary>Who this node is in a handshake.</summary>
/// <param name="Cluster">The cluster's name; a peer of another cluster is refused, unless it is one of <see cref="Federated"/>.</param>
/// <param name="Identity">This node; its address is what other nodes dial, so it must be reachable from them as written.</param>
public sealed record LocalNode(string Cluster, PeerIdentity Identity)
{
    private uint node = Identity.Node.Value;
    private string clusterId = "";

    /// <summary>This node's number as handshakes say it: changes once, when the control plane accepts a new node.</summary>
    public NodeId Node
    {
        get => new(Volatile.Read(ref node));
        set => Volatile.Write(ref node, value.Value);
    }

    /// <summary>The random id of its cluster; empty before it is a member. Tells two clusters of one name apart.</summary>
    public string ClusterId
    {
        get => Volatile.Read(ref clusterId);
        set => Volatile.Write(ref clusterId, value);
    }

    /// <summary>Other clusters whose nodes are let in, to registered actors only.</summary>
    public IReadOnlyList<FederatedCluster> Federated { get; init; } = [];

    /// <summary>Of which cluster a certificate must be that speaks for a node of that one: of the same, if it is known here, and else of this node's own.</summary>
    public string ClusterToProve(string claimed) => Federated.Any(other => other.Name == claimed) ? claimed : Cluster;

    public override string ToString() => Identity.ToString();
}
