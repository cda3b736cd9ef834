namespace Cluster.Modes.PeerToPeer;

/// <summary>A message of <see cref="SwimCore"/>, to be sent.</summary>
internal readonly record struct SwimSend(Peer To, object Message);
