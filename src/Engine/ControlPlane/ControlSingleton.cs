using Cluster.Shared.Ids;

namespace Cluster.Engine.ControlPlane;

/// <summary>Where a singleton lives. <paramref name="Epoch"/> grows with each move: what an older incarnation of it still sends is fenced off by it.</summary>
/// <param name="Previous">Where it lived before; <see cref="NodeId.None"/> for nowhere.</param>
/// <param name="PreviousEpoch">Under which epoch.</param>
public sealed record ControlSingleton(string Name, NodeId Node, ulong Epoch, NodeId Previous, ulong PreviousEpoch);
