namespace Cluster.Engine.Storage;

/// <summary>What a flush came to. Only after <see cref="WalFlushStatus.Durable"/> may anything that depends on the appended records leave the node.</summary>
/// <param name="BytesNeeded">With <see cref="WalFlushStatus.DiskFull"/>: how much room was wanted.</param>
/// <param name="Path">The file in question; null when durable.</param>
/// <param name="Message">A sentence for the log; null when durable.</param>
public readonly record struct WalFlush(WalFlushStatus Status, long BytesNeeded = 0, string? Path = null, string? Message = null)
{
    public bool IsDurable => Status == WalFlushStatus.Durable;
}
