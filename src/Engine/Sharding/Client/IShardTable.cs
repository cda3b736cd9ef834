using Cluster.Shared.Ids;

namespace Cluster.Engine.Sharding.Client;

/// <summary>Which shard owns which hash slot, as this node knows it.</summary>
internal interface IShardTable
{
    /// <summary>0 until the table is known.</summary>
    int ShardCount { get; }

    /// <summary>The slot's shard; <see cref="ShardId.Control"/> until the table is known.</summary>
    ShardId ShardOf(int slot);

    /// <summary>The shard at a place from 0 to <see cref="ShardCount"/> - 1, in slot order.</summary>
    ShardId ShardAt(int index);
}
