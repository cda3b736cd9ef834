namespace Cluster.Engine.Port;

/// <summary>Marks a command that only asks: its decision has no events. It is answered from the entity's state without a place in the journal.</summary>
public interface IEntityQuery;
