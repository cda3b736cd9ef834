namespace Cluster.Engine.Simulation;

/// <summary>The faults of one <see cref="MemoryDisk"/>. All are off at first.</summary>
public sealed class MemoryDiskFaults
{
    /// <summary>How large all files together may grow. What would go past it is refused as disk full, after as much as fits was written.</summary>
    public long CapacityBytes { get; set; } = long.MaxValue;

    /// <summary>
    /// The disk is full after so many more bytes written, preallocated or not, as on a copy-on-write file system; the write that crosses the mark is
    /// half done. Null for never.
    /// </summary>
    public long? FullAfterBytes { get; set; }

    /// <summary>Every write writes its first half and then fails.</summary>
    public bool FailWrites { get; set; }

    /// <summary>Every flush fails, and what it should have made durable may be lost for good even if a later flush succeeds.</summary>
    public bool FailFlushes { get; set; }

    /// <summary>Every flush, of a file or a folder, says that it succeeded and makes nothing durable: what it covered is lost with the power, unless an honest flush comes first.</summary>
    public bool LieAboutFlushes { get; set; }

    /// <summary>After so many more operations the disk is gone, until <see cref="MemoryDisk.Crash"/>: each use throws <see cref="MemoryDiskStoppedException"/>.</summary>
    public long? StopAfterOperations { get; set; }
}
