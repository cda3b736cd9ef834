using System.Collections.Concurrent;
using Cluster.Engine.Port;
using Cluster.Engine.Replication;
using Cluster.Shared.Ids;

namespace Cluster.Engine.Sharding.Entities;

/// <summary>Where a node's replicas post how many entities they hold. Read from any thread.</summary>
internal sealed class EntityBoard(ReplicaBoard replicas)
{
    private readonly ConcurrentDictionary<(string Type, ShardId Shard), EntityCounts> posted = [];

    /// <summary>The replicas that this node holds now, by type and shard.</summary>
    public IReadOnlyList<EntityFigures> Figures =>
    [
        .. posted.Where(row => replicas.Find(row.Key.Shard) is not null)
            .OrderBy(row => row.Key.Type, StringComparer.Ordinal)
            .ThenBy(row => row.Key.Shard)
            .Select(row => new EntityFigures(row.Key.Type, row.Key.Shard.Value, row.Value.Live, row.Value.Passivated)),
    ];

    public void Post(string type, ShardId shard, EntityCounts counts) => posted[(type, shard)] = counts;
}
