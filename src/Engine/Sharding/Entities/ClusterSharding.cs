using Cluster.Engine.Actors;
using Cluster.Engine.Port;
using Cluster.Engine.Sharding.Client;
using Cluster.Shared.Ids;

namespace Cluster.Engine.Sharding.Entities;

/// <summary>The entities of the embedded engine: a machine in each shard, a region on each node.</summary>
internal sealed class ClusterSharding(ActorSystem system, EntityTypes types, EntityBoard board, ShardClient shards, IShardTable table, Func<ShardId, NodeName?> leaderOf) : IClusterSharding
{
    private readonly Lock gate = new();
    private readonly SortedDictionary<string, ShardRegion> regions = new(StringComparer.Ordinal);

    public IReadOnlyList<EntityFigures> Figures => board.Figures;

    public IShardRegion Start(EntityType type)
    {
        if (!types.Contains(type))
        {
            throw new ArgumentException(
                $"this node was not started with entity type '{type.Name}'; it knows {Known()}. Give all nodes the same types before they start: EngineOptions.Entities", nameof(type));
        }

        lock (gate)
        {
            if (!regions.TryGetValue(type.Name, out var region))
            {
                regions.Add(type.Name, region = new ShardRegion(system, type, shards, table));
            }

            return region;
        }
    }

    public NodeName? LeaderOf(EntityType type, string entityId) => ((ShardRegion)Start(type)).ShardOf(entityId) is { IsControl: false } shard ? leaderOf(shard) : null;

    private string Known() => string.Join(", ", types.All.Select(known => $"'{known.Name}'")) is { Length: > 0 } names ? names : "none";
}
