namespace Cluster.Shared.Http;

/// <summary>What <c>GET /ready</c> and <c>GET /alive</c> answer.</summary>
/// <param name="Because">In words, why not; null when it is.</param>
public sealed record ReadinessView(string Node, bool Ready, string? Because = null);
