namespace Cluster.Engine.Storage;

/// <summary>The ways a flush can end.</summary>
public enum WalFlushStatus
{
    /// <summary>Every record appended so far is on disk.</summary>
    Durable,

    /// <summary>No room. The records wait in memory, nothing of them counts on disk; flush again when there is space.</summary>
    DiskFull,

    /// <summary>A write failed for another reason. As with a full disk, flushing again is safe.</summary>
    WriteFailed,

    /// <summary>The disk did not confirm a flush: what is on it is unknown, and this log is closed for good. End the process; a restart reads what is really there.</summary>
    Closed,
}
