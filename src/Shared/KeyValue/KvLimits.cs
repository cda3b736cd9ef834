namespace Cluster.Shared.KeyValue;

/// <summary>Bounds of the key-value store. A command over a bound is refused before it reaches a log.</summary>
public static class KvLimits
{
    /// <summary>Longest key, in bytes: 64 KiB.</summary>
    public const int MaxKeyBytes = 64 * 1024;

    /// <summary>Longest value, in bytes: 8 MiB, so that one log entry stays a small part of a log segment and of a frame.</summary>
    public const int MaxValueBytes = 8 * 1024 * 1024;

    /// <summary>What a key costs in memory besides its bytes and its value's: the record, two array headers, its share of the tree.</summary>
    public const int RecordOverheadBytes = 136;

    /// <summary>Most entries one scan answers with.</summary>
    public const int MaxScanEntries = 10_000;

    /// <summary>Keys and values that one scan answers with, in bytes, past the first entry: 4 MiB, so that a reply stays a small part of a frame.</summary>
    public const int MaxScanBytes = 4 * 1024 * 1024;

    /// <summary>Most operations and guards of one batch, those of batches inside it among them: what a leader decides in a few milliseconds, in one turn.</summary>
    public const int MaxBatchOperations = 10_000;

    /// <summary>Keys and values of one batch, and what it answers with, in bytes: 8 MiB each, so that it is no larger a log entry than one of the largest value.</summary>
    public const int MaxBatchBytes = 8 * 1024 * 1024;
}
