namespace Cluster.Engine.Storage;

/// <summary>What became of a received snapshot: in place and durable, or refused and removed, with the reason.</summary>
public sealed record SnapshotReceipt(SnapshotInfo? Installed, string? Refused);
