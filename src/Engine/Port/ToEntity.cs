namespace Cluster.Engine.Port;

/// <summary>To a region: pass the command to the entity, and its reply to the sender.</summary>
public sealed record ToEntity(string EntityId, object Command);
