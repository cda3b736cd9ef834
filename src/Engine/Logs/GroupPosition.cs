namespace Cluster.Engine.Logs;

/// <summary>Where a consumer group stands in a partition, and who may move it: the member that claimed the partition under the newest generation.</summary>
/// <param name="Offset">Of the next record that the group wants; null only where it claimed under a version that did not write down where it began.</param>
internal sealed record GroupPosition(ulong Generation, string Member, ulong? Offset);
