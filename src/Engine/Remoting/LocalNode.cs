using Cluster.Shared.Ids;

namespace Cluster.Engine.Remoting;

/// <summary>Who this node is in a handshake.</summary>
/// <param name="Cluster">The cluster's name; a peer of another cluster is refused.</param>
/// <param name="Identity">This node; its address is what other nodes dial, so it must be reachable from them as written.</param>
public sealed record LocalNode(string Cluster, PeerIdentity Identity)
{
    private uint node = Identity.Node.Value;

    /// <summary>This node's number as handshakes say it: changes once, when the control plane accepts a new node.</summary>
    public NodeId Node
    {
        get => new(Volatile.Read(ref node));
        set => Volatile.Write(ref node, value.Value);
    }

    public override string ToString() => Identity.ToString();
}
