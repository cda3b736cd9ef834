namespace Cluster.Engine.Port;

/// <summary>Where hash slots live, as this node sees it at this moment: for X-rays, never to decide by.</summary>
/// <remarks>On Akka.NET: the allocations that the shard coordinator tells.</remarks>
public interface IShardPlaces
{
    /// <summary>Null until the shard table is known.</summary>
    /// <param name="slot">From 0 to 16,383.</param>
    ShardPlace? Find(int slot);
}
