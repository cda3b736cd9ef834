using Cluster.Shared.Ids;

namespace Cluster.Engine.Remoting;

/// <summary>Who a node said it is in its handshake, after the checks: stable as long as the link is up.</summary>
/// <param name="Name">Unique in the cluster, kept across restarts.</param>
/// <param name="Address">Where its remoting listens; what <see cref="ITransport.Send"/> takes.</param>
/// <param name="Node">Its number at the time of the handshake: <see cref="NodeId.None"/> for one that had not joined yet, so never rely on it to find a member.</param>
/// <param name="Incarnation">Which life of the node this is.</param>
/// <param name="Uid">Random, made with its data directory: tells a node from another one that took its name.</param>
public sealed record PeerIdentity(NodeName Name, NodeAddress Address, NodeId Node, Incarnation Incarnation, Guid Uid)
{
    /// <summary>The name of its cluster where that is another one, with which this node's is federated; null for a node of the same cluster.</summary>
    public string? OtherCluster { get; init; }

    public override string ToString() => $"{Name} ({Address}, incarnation {Incarnation})";
}
