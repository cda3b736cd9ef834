namespace Cluster.Engine.Port;

/// <summary>Where one shard lives.</summary>
/// <param name="Shard">Its number, from 1.</param>
/// <param name="Leader">The node that decides for it; null where none is known. A belief: another node may differ.</param>
/// <param name="Replicas">Every node that should hold it, in the order of preference.</param>
public sealed record ShardPlace(uint Shard, string? Leader, IReadOnlyList<string> Replicas);
