namespace Cluster.Engine.Sharding.Entities;

/// <summary>Entities of one type in one replica, awake and at rest.</summary>
internal readonly record struct EntityCounts(int Live, int Passivated);
