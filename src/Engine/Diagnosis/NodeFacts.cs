using Cluster.Engine.ControlPlane;
using Cluster.Engine.Flaws;
using Cluster.Engine.Replication;
using Cluster.Shared.Ids;

namespace Cluster.Engine.Diagnosis;

/// <summary>All that a node knows of its cluster at one moment: what <see cref="ClusterDoctor"/> goes by.</summary>
/// <param name="Waiting">Why the node is no member, in words; null when it is one.</param>
/// <param name="StorageProblem">Why its log cannot be written; null when it can.</param>
/// <param name="Replicas">Its own replicas.</param>
/// <param name="Reports">The leaders' word on their groups.</param>
/// <param name="LeaderOf">Who leads a shard, as far as it knows; <see cref="NodeId.None"/> for nobody.</param>
/// <param name="IsReachable">By its own detector; true for itself.</param>
/// <param name="IsAbsent">Whether a member's replicas are being built elsewhere because of its silence.</param>
/// <param name="ClockSkew">How far each peer's clock is ahead of its own.</param>
/// <param name="Refusals">Links that are refused, by address, and why.</param>
/// <param name="Seeds">Those that it was started with.</param>
/// <param name="ReplaceAfter">After how long a silence replicas are built elsewhere; null for never.</param>
internal sealed record NodeFacts(
    NodeId Self,
    string Name,
    ControlView View,
    string? Waiting,
    string? StorageProblem,
    IReadOnlyList<ReplicaStatus> Replicas,
    GroupReports Reports,
    Func<ShardId, NodeId> LeaderOf,
    Func<NodeId, bool> IsReachable,
    Func<NodeId, bool> IsAbsent,
    IReadOnlyDictionary<NodeId, TimeSpan> ClockSkew,
    IReadOnlyDictionary<string, string> Refusals,
    IReadOnlyList<NodeAddress> Seeds,
    TimeSpan? ReplaceAfter)
{
    /// <summary>What it was broken by on purpose.</summary>
    public IReadOnlyList<PlantedFlaw> Flaws { get; init; } = [];
}
