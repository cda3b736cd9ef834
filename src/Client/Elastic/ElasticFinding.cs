using Cluster.Lab.Workloads;

namespace Cluster.Client.Elastic;

/// <summary>What happened, for the verdict.</summary>
/// <param name="Staying">Clients of nodes that stayed.</param>
/// <param name="Moving">Clients of the nodes that left.</param>
/// <param name="Doubt">Why no verdict can be reached, whatever the history says; null if nothing stands against one.</param>
internal sealed record ElasticFinding(IReadOnlyList<ElasticRound> Rounds, WorkloadProgress Staying, WorkloadProgress Moving, string? Doubt);
