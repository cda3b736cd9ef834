namespace Cluster.Lab.Histories;

/// <summary>A recorded run: every operation that clients called, and every fault, on one clock.</summary>
public sealed record History(IReadOnlyList<Operation> Operations, IReadOnlyList<FaultEvent> Faults);
