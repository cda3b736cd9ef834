namespace Cluster.Lab.Histories;

/// <summary>A recorded run: every operation that clients called, and every fault, on one clock.</summary>
/// <param name="Lines">Where each operation stands in the file it was read from; null for a history that was not.</param>
public sealed record History(IReadOnlyList<Operation> Operations, IReadOnlyList<FaultEvent> Faults, IReadOnlyList<int>? Lines = null);
