namespace Cluster.Engine.Port;

/// <summary>What a decision may know besides state and command.</summary>
/// <param name="EntityId">Which entity of its type is asked.</param>
/// <param name="Now">The clock of whoever decides. What must be the same for all who apply belongs into the event.</param>
public readonly record struct EntityContext(string EntityId, DateTimeOffset Now);
