using Cluster.Shared.Ids;

namespace Cluster.Engine.Hosting;

/// <summary>Where a request on a hash slot is served, as one node sees it at one moment.</summary>
/// <param name="Kind">Here, elsewhere, on its way, or nowhere known.</param>
/// <param name="Address">Where clients reach the node that leads, or is about to; null where there is none.</param>
/// <param name="HoldsReplica">Whether this node has a copy, and can answer stale reads.</param>
public readonly record struct SlotRoute(SlotRouteKind Kind, NodeAddress? Address, bool HoldsReplica);

/// <summary>Who leads a slot's shard.</summary>
public enum SlotRouteKind
{
    /// <summary>No leader that this node knows and can reach.</summary>
    Unknown = 0,

    /// <summary>This node.</summary>
    Here = 1,

    /// <summary>Another node.</summary>
    Elsewhere = 2,

    /// <summary>This node, which is handing leadership over: it answers reads, and takes no writes any more.</summary>
    HandingOver = 3,
}
