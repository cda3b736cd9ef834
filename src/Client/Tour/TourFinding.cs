using Cluster.Lab.Workloads;
using Cluster.Shared.Http;

namespace Cluster.Client.Tour;

/// <summary>What happened on the tour, for the verdict.</summary>
internal sealed record TourFinding
{
    /// <summary>Null: nothing was killed.</summary>
    public TourTarget? Target { get; init; }

    /// <summary>On the history's clock.</summary>
    public long KilledAt { get; init; }

    /// <summary>The shards and who led them just before the kill.</summary>
    public IReadOnlyList<ShardView> Shards { get; init; } = [];

    public WorkloadProgress Progress { get; init; }

    /// <summary>Why no verdict can be reached, whatever the history says; null if nothing stands against one.</summary>
    public string? Doubt { get; init; }
}
