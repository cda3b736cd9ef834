using System.Collections.Immutable;
using Cluster.Shared.Wire;
using Google.Protobuf;

namespace Cluster.Engine.Logs;

/// <summary>
/// Everything that decides what a partition takes next, without the records themselves: immutable, so that the leader can decide ahead of the disk on what it has proposed. What
/// follows from a change is <see cref="PartitionEvolution"/>.
/// </summary>
internal sealed record PartitionHead
{
    public static readonly PartitionHead Empty = new();

    public LogSettings Settings { get; init; } = new();

    /// <summary>The first offset that is kept.</summary>
    public ulong Start { get; init; }

    /// <summary>The next offset that is given.</summary>
    public ulong End { get; init; }

    /// <summary>The newest batch's time.</summary>
    public long LastMs { get; init; }

    /// <summary>What its batches take, in bytes, as far as it is known ahead: a compaction that is only proposed counts when it is applied.</summary>
    public long Bytes { get; init; }

    public ImmutableSortedDictionary<string, ProducerState> Producers { get; init; } = ImmutableSortedDictionary.Create<string, ProducerState>(StringComparer.Ordinal);

    public ImmutableSortedDictionary<string, GroupPosition> Groups { get; init; } = ImmutableSortedDictionary.Create<string, GroupPosition>(StringComparer.Ordinal);

    /// <summary>Streams: how many records each key has.</summary>
    public ImmutableDictionary<ByteString, ulong> Versions { get; init; } = ImmutableDictionary<ByteString, ulong>.Empty;

    /// <summary>Compaction has been here: below it each key has one record, but for what came since.</summary>
    public ulong CleanedTo { get; init; }

    /// <summary>Where the pass that is under way goes on; equal to <see cref="CleanUntil"/> when none is.</summary>
    public ulong CleanNext { get; init; }

    public ulong CleanUntil { get; init; }

    /// <summary>
    /// Behind the last tombstone that compaction has taken for its age. Whoever has read up to an offset below this, and kept what it read, may have keys whose end it will never be told.
    /// </summary>
    public ulong ForgottenTo { get; init; }

    /// <summary>Of producers, groups and streams together: kept up with each change, so that reading it costs nothing.</summary>
    public ulong PartsDigest { get; init; }

    public bool IsCleaning => CleanNext < CleanUntil;

    /// <summary>What may be kept, in bytes.</summary>
    public long RetentionBytes => Settings.RetentionBytes == 0 ? LogBounds.UsualRetentionBytes : Settings.RetentionBytes;

    /// <summary>Compaction takes tombstones that are older, in Unix time in milliseconds; 0 where they are kept for ever.</summary>
    public long TombstonesBefore(long nowMs) => Settings.RetentionMs == 0 ? 0 : nowMs - Settings.RetentionMs;
}
