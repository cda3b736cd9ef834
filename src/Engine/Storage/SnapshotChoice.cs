namespace Cluster.Engine.Storage;

/// <summary>The snapshot that a replica starts from.</summary>
/// <param name="Reader">Verified from end to end; null when the group starts without one. The caller disposes it.</param>
/// <param name="Skipped">Newer snapshots that did not verify and were passed over, because the log still holds all that follows the chosen one: to be logged.</param>
public sealed record SnapshotChoice(SnapshotReader? Reader, IReadOnlyList<string> Skipped);
