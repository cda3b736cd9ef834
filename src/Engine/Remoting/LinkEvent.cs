using Cluster.Shared.Ids;

namespace Cluster.Engine.Remoting;

/// <summary>
/// What happened to the link to a peer. For one peer, events come in order, and <see cref="LinkUp"/> comes before the first frame of that connection.
/// Ups and downs are those of the interactive lane; the bulk lane's stand in <see cref="ITransport.Links"/>.
/// </summary>
public abstract record LinkEvent(NodeAddress Address);

/// <summary>The handshake with a peer succeeded.</summary>
public sealed record LinkUp(PeerIdentity Peer) : LinkEvent(Peer.Address);

/// <summary>A link was lost, or could not be made: said once for each cause in a row, not for each attempt. That a link is down is not yet that its node is.</summary>
/// <param name="Name">The peer's name; null where none ever answered from that address.</param>
/// <param name="Cause">What to conclude.</param>
/// <param name="Reason">In words.</param>
public sealed record LinkDown(NodeAddress Address, NodeName? Name, LinkDownCause Cause, string Reason) : LinkEvent(Address);

/// <summary>One side refused the other in the handshake.</summary>
/// <param name="Reason">Why, naming both sides.</param>
/// <param name="ByPeer">True: the other node refused this one.</param>
public sealed record HandshakeRefused(NodeAddress Address, string Reason, bool ByPeer) : LinkEvent(Address);
