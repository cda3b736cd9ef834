namespace Cluster.Shared.Scenarios;

/// <summary>One kind of fault in a <see cref="FaultMix"/>.</summary>
/// <param name="Target">As in <see cref="PlannedFault"/>.</param>
/// <param name="Weight">How often, among the weights of all.</param>
public sealed record FaultShare(FaultType Kind, string Target, int Weight = 1, string? Amount = null);
