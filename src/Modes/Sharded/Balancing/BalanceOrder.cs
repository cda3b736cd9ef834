namespace Cluster.Modes.Sharded.Balancing;

/// <summary>To an owner: split a shard of yours, or with <paramref name="To"/> move it.</summary>
internal sealed record BalanceOrder(string Owner, string Table, int Shard, string? To);
