namespace Cluster.Engine.Storage;

/// <summary>What opening a log found, for the node's own log.</summary>
/// <param name="Created">There was no log: this is a new one.</param>
/// <param name="Entries">Entries that live on, of all groups.</param>
/// <param name="TornTail">The unfinished last write that a crash left and that was removed, if any.</param>
public sealed record WalRecovery(bool Created, int Segments, long Batches, long Records, long Entries, long Bytes, WalTornTail? TornTail);
