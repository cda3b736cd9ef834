using System.Text.Json.Serialization;

namespace Cluster.Modes.PeerToPeer;

/// <summary>A peer, and where it is reached: what Kademlia calls a contact.</summary>
/// <param name="Node">Its name, which its place in the space comes from.</param>
/// <param name="Address">Host and port.</param>
public sealed record Peer(string Node, string Address)
{
    [JsonIgnore]
    public KademliaId Id { get; } = KademliaId.Of(Node);
}
