using Cluster.Shared.Ids;

namespace Cluster.Engine.Port;

/// <summary>The cluster's entities, by type.</summary>
public interface IClusterSharding
{
    /// <summary>The way to the entities of one type, from this node. Asked again, the same.</summary>
    /// <exception cref="ArgumentException">This node was not started with the type.</exception>
    IShardRegion Start(EntityType type);

    /// <summary>The node that decides for an entity, as far as this one knows: for people, and never a proof. Null where none is known.</summary>
    NodeName? LeaderOf(EntityType type, string entityId);

    /// <summary>How many entities this node holds a replica of, awake and at rest, by type and shard.</summary>
    IReadOnlyList<EntityFigures> Figures { get; }
}
