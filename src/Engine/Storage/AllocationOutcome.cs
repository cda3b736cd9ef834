namespace Cluster.Engine.Storage;

/// <summary>What became of a preallocation.</summary>
internal enum AllocationOutcome
{
    Allocated,
    DiskFull,

    /// <summary>The file system cannot reserve space.</summary>
    Unsupported,
}
