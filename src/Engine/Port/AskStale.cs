namespace Cluster.Engine.Port;

/// <summary>
/// To a region: answer the sender from what some replica nearby has applied, as <see cref="IShardRegion.AskStaleAsync"/> does. It costs no majority, keeps no order with commands, and may be out of
/// date: for whoever looks often and acts only on what it asks again.
/// </summary>
public sealed record AskStale(string EntityId, IEntityQuery Query);
