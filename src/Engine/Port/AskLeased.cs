namespace Cluster.Engine.Port;

/// <summary>
/// To a region: have the leader answer the sender from its state, as long as its lease says that no other can lead; else as any question. It costs no round of a majority, keeps no order with commands, and is as fresh as
/// one if clocks run at nearly one rate (Ongaro's thesis, 6.4.1). An engine that keeps one copy of an entity asks that one.
/// </summary>
public sealed record AskLeased(string EntityId, IEntityQuery Query);
