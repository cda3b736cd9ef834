namespace Cluster.Engine.Sharding.Entities;

/// <summary>What a decision will make of an entity, once it is proposed.</summary>
internal sealed record EntityEffects<TState>(string Id, TState Next);
