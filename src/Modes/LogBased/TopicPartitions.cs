using Cluster.Shared.Wire;

namespace Cluster.Modes.LogBased;

/// <summary>How topics of this mode stand in the durable log.</summary>
internal static class TopicPartitions
{
    public static string Name(string topic, int partition) => FormattableString.Invariant($"{LogBasedMode.Slug}:{topic}/{partition}");

    public static LogSettings Settings(TopicSettings settings) => new()
    {
        Cleanup = settings.Cleanup == LogBasedOperations.Compact ? LogCleanup.Compact : LogCleanup.Delete,
        RetentionMs = settings.RetentionMs,
        RetentionBytes = settings.RetentionBytes,
    };

    /// <summary>Why a request about this topic, or this partition of it, makes no sense; null where it does.</summary>
    public static string? WhyNot(string topic, TopicSettings settings, long partition) =>
        partition >= settings.Partitions ? $"{topic} has partitions 0 to {settings.Partitions - 1}, no {partition}" : null;
}
