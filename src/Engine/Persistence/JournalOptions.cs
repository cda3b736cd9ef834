using Cluster.Engine.Port;
using Cluster.Engine.Storage;

namespace Cluster.Engine.Persistence;

/// <summary>Where the journal of a node's persistent actors lies, and its sizes: a log and a store of snapshots of its own, so that a mode's events can neither delay nor fill the consensus log.</summary>
internal static class JournalOptions
{
    public const string LogFolder = "journal";
    public const string SnapshotFolder = "journal-snapshots";

    /// <summary>Small segments: events live only until the next snapshot of their actor, and space comes back by whole segments.</summary>
    public static WalOptions Log(bool withoutFlush) => new()
    {
        Folder = LogFolder,
        SegmentBytes = 8 * 1024 * 1024,
        ZeroAheadBytes = 256 * 1024,

        // More than all actors of a node may have waiting (PersistentActor.MaxPendingBytes each): past it the log throws, and the node would end for a full disk.
        PendingBytesMax = 16 * (int)PersistentActor.MaxPendingBytes,
        SoftBytesMax = 128L * 1024 * 1024,
        HardBytesMax = 1024L * 1024 * 1024,
        TailEntries = 0,
        WithoutFlush = withoutFlush,
    };

    /// <summary>A restarting actor is handed its snapshot in one piece.</summary>
    public static SnapshotOptions Snapshots => new() { Folder = SnapshotFolder, FileBytesMax = 512L * 1024 * 1024, Kept = 1 };
}
