namespace Cluster.Engine.Port;

/// <summary>To a region: the entity will not be asked for a while; keep it as its bytes. The next command wakes it. Answered by <see cref="Done"/>.</summary>
public sealed record Passivate(string EntityId);
