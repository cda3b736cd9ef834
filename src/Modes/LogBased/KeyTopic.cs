using System.Globalization;
using Cluster.Engine.Port;
using Cluster.Modes.Streams;
using Cluster.Shared.Wire;

namespace Cluster.Modes.LogBased;

/// <summary>
/// The topic whose records are the changes of keys: put appends to the key's partition, delete appends a tombstone, and what a key is, is what its last record says. It can be fetched and consumed as any topic.
/// </summary>
internal static class KeyTopic
{
    public const string Name = "kv";

    /// <summary>Partitions spread over the shards, so that all nodes share the work; each node's views of all of them are a quarter of the tables that it may hold.</summary>
    public const int Partitions = 16;

    /// <summary>How long a tombstone stays: long enough that a view hardly ever has to begin anew, as Kafka's delete.retention.ms.</summary>
    private static readonly TimeSpan TombstonesKept = TimeSpan.FromHours(24);

    public static readonly TopicSettings Settings = new(Partitions, LogBasedOperations.Compact, (long)TombstonesKept.TotalMilliseconds, 0);

    public static int PartitionOf(string key) => LogSteps.PartitionOf(key, Partitions);

    /// <summary>Why these records may not go to that partition of any topic; null where they may. A key of this topic stands in one partition, where reads look for it: elsewhere it would be there twice.</summary>
    public static string? WhyNot(string topic, int partition, IReadOnlyList<LogRecord> records) =>
        topic != Name || records.FirstOrDefault(record => LogSteps.KeyOf(record) is not { } key || PartitionOf(key) != partition) is not { } wrong ? null
        : LogSteps.KeyOf(wrong) is { } misplaced ? string.Create(CultureInfo.InvariantCulture, $"key {misplaced} of topic {Name} stands in partition {PartitionOf(misplaced)}, not {partition}: leave the partition out")
        : $"each record of topic {Name} is a key's: give it a key";

    /// <summary>The hash slot of a key's partition: it decides the shard.</summary>
    public static int SlotOf(string key) => LogPlacement.SlotOf(TopicPartitions.Name(Name, PartitionOf(key)));

    /// <summary>Of a key's record: where it stands.</summary>
    public static string Version(int partition, ulong offset) => string.Create(CultureInfo.InvariantCulture, $"{partition}/{offset}");
}
