namespace Cluster.Engine.Remoting.Handshakes;

/// <summary>The outcome of judging a handshake.</summary>
/// <param name="Peer">Who is welcome; null when refused.</param>
/// <param name="OlderLife">The life of the same node that this one ends; null where there was none.</param>
/// <param name="Refusal">Why not, naming both sides; null when welcome.</param>
internal readonly record struct Admission(PeerIdentity? Peer, PeerIdentity? OlderLife, string? Refusal);
