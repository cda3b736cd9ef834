namespace Cluster.Engine.Storage;

/// <summary>Bounds and sizes of the snapshot store.</summary>
public sealed record SnapshotOptions
{
    public const string DefaultFolder = "snapshots";

    /// <summary>The folder that holds a folder for each group.</summary>
    public string Folder { get; init; } = DefaultFolder;

    /// <summary>Bytes under one checksum: what a reader holds in memory, and what a flipped bit makes unreadable. From 512 bytes to 1 MiB.</summary>
    public int BlockBytes { get; init; } = 64 * 1024;

    /// <summary>Largest snapshot file that is written or accepted from another node, so that a wrong length cannot fill the disk.</summary>
    public long FileBytesMax { get; init; } = 16L * 1024 * 1024 * 1024;

    /// <summary>Largest piece accepted from another node: a bulk frame's payload, with room.</summary>
    public int ChunkBytesMax { get; init; } = 4 * 1024 * 1024;

    /// <summary>How many finished snapshots of a group stay: one to use, and the one before it while a transfer still reads it.</summary>
    public int Kept { get; init; } = 2;

    /// <summary>Bytes that must stay free while a snapshot is received, so that it does not take the log's last room.</summary>
    public long ReserveBytes { get; init; } = 32 * 1024 * 1024;

    /// <exception cref="ArgumentException">An option is out of its bounds; the message names it.</exception>
    internal SnapshotOptions Validated()
    {
        DiskName.Require(Folder);
        Require(BlockBytes is >= 512 and <= SnapshotFormat.BlockBytesMax, nameof(BlockBytes), BlockBytes, $"512 to {SnapshotFormat.BlockBytesMax}");
        Require(FileBytesMax >= SnapshotFormat.HeaderSize, nameof(FileBytesMax), FileBytesMax, $"at least {SnapshotFormat.HeaderSize}");
        Require(ChunkBytesMax > 0, nameof(ChunkBytesMax), ChunkBytesMax, "more than 0");
        Require(Kept >= 1, nameof(Kept), Kept, "1 or more");
        Require(ReserveBytes >= 0, nameof(ReserveBytes), ReserveBytes, "0 or more");
        return this;
    }

    private static void Require(bool holds, string option, long value, string rule)
    {
        if (!holds)
        {
            throw new ArgumentException($"snapshot option {option} is {value}: it must be {rule}", option);
        }
    }
}
