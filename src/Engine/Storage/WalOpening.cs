namespace Cluster.Engine.Storage;

/// <summary>An opened log and what it held.</summary>
/// <param name="Groups">The groups that exist, in order of their ids.</param>
public sealed record WalOpening(WriteAheadLog Log, IReadOnlyList<RecoveredGroup> Groups, WalRecovery Recovery);
