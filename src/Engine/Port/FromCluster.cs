namespace Cluster.Engine.Port;

/// <summary>To a registered actor: what another cluster sends. Its sender is whoever is registered by the same name on the node that sent it.</summary>
/// <param name="Cluster">As the handshake proved it.</param>
public sealed record FromCluster(string Cluster, object Message);
