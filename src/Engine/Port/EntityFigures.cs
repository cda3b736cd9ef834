namespace Cluster.Engine.Port;

/// <summary>Entities of one type in one shard, as one node's replica holds them: fractions of a second old.</summary>
/// <param name="Live">Awake: as live objects.</param>
/// <param name="Passivated">At rest: as bytes only.</param>
public sealed record EntityFigures(string Type, uint Shard, int Live, int Passivated);
