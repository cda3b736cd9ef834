using Cluster.Shared.Ids;

namespace Cluster.Engine.ControlPlane;

/// <summary>Where a singleton lives. <paramref name="Epoch"/> grows with each move: what an older incarnation of it still sends is fenced off by it.</summary>
public sealed record ControlSingleton(string Name, NodeId Node, ulong Epoch);
