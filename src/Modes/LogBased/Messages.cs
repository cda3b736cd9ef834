using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Cluster.Engine.Port;
using Cluster.Modes.Hosting;

namespace Cluster.Modes.LogBased;

// What a topic's entry in the catalogue of topics is asked.
internal abstract record TopicCommand;

/// <summary>Makes the topic, or answers it as it is if it was made the same.</summary>
internal sealed record CreateTopic(TopicSettings Settings) : TopicCommand;

/// <summary>The topic as it is; made with the usual settings if it is not there, as Kafka's brokers do (auto.create.topics.enable).</summary>
internal sealed record UseTopic : TopicCommand;

/// <summary>Each partition knows how it is to be kept: from now on the topic may be used.</summary>
internal sealed record OpenTopic : TopicCommand;

/// <summary>The topic as it is; null where there is none.</summary>
internal sealed record ReadTopic : TopicCommand, IEntityQuery;

// What happens to it.
internal abstract record TopicEvent;

internal sealed record TopicCreated(TopicSettings Settings) : TopicEvent;

internal sealed record TopicOpened : TopicEvent;

/// <param name="Cleanup">delete or compact.</param>
/// <param name="RetentionMs">0: for ever.</param>
/// <param name="RetentionBytes">Of each partition; 0: the usual.</param>
internal sealed record TopicSettings(int Partitions, string Cleanup, long RetentionMs, long RetentionBytes)
{
    /// <summary>As one gives them.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"partitions={Partitions} cleanup={Cleanup} {(RetentionMs == 0 ? "kept for ever" : $"retention={ModeArgument.WriteDuration(RetentionMs)}")}{(RetentionBytes == 0 ? "" : $" retention-bytes={RetentionBytes}")}");
}

/// <param name="Settings">Null where there is no such topic.</param>
internal sealed record TopicState(TopicSettings? Settings, bool IsOpen)
{
    /// <summary>In an answer: whether the question has made it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool IsNew { get; init; }
}

// The epochs of producers: each start of one has its own.
internal sealed record NextEpoch;

internal sealed record EpochGiven(long Epoch);

// What clients are answered, in JSON.
internal sealed record TopicAnswer(string Topic, int Partitions, string Cleanup, long RetentionMs, long RetentionBytes, IReadOnlyList<PartitionView> Logs);

internal sealed record PartitionView(int Partition, ulong Start, ulong End, long Bytes, uint Batches, ulong CleanedTo);

internal sealed record AppendAnswer(string Topic, int Partition, ulong Offset, int Count, bool Duplicate);

internal sealed record FetchedRecord(ulong Offset, long AtMs, string? Key, string? Value);

/// <param name="End">The next offset that will be given: what is below it is committed.</param>
/// <param name="Next">Where to go on.</param>
/// <param name="ForgottenTo">Compaction has taken tombstones below it: who keeps a table, and had come less far, begins anew.</param>
internal sealed record FetchAnswer(string Topic, int Partition, ulong Start, ulong End, ulong Next, ulong ForgottenTo, IReadOnlyList<FetchedRecord> Records);

internal sealed record ProducerAnswer(string Producer, long Epoch);

internal sealed record MemberAnswer(string Group, string Topic, string Member, long Generation, IReadOnlyList<int> Partitions, int Members);

internal sealed record GroupAnswer(string Group, string Topic, long Generation, IReadOnlyDictionary<string, IReadOnlyList<int>> Members, IReadOnlyList<GroupLag> Positions);

/// <param name="Offset">Null where the group has never claimed the partition.</param>
/// <param name="Lag">How many offsets are still to come, of those that are kept.</param>
/// <param name="Missed">How many the group has not come to, and never will: retention was there first.</param>
internal sealed record GroupLag(int Partition, ulong? Offset, ulong End, ulong Lag, ulong Missed);

/// <param name="Partitions">In so many its position is gone.</param>
internal sealed record GroupForgotten(string Group, string Topic, int Partitions);

internal sealed record PositionAnswer(string Group, string Topic, int Partition, ulong Offset);

/// <param name="Offset">Of the first record in the output.</param>
internal sealed record ProcessAnswer(string Group, string Topic, int Partition, ulong Position, string Output, ulong Offset, int Count);

/// <param name="Offset">All records below it are in the table.</param>
/// <param name="Replayed">How many of them were read for this answer: the others were in this node's table already.</param>
internal sealed record TableAnswer(string Topic, int Partition, ulong Offset, int Replayed, IReadOnlyDictionary<string, string> Table);

// Between the doors of two nodes, for the X-ray of a key.

/// <summary>Asks what a node's view has of a key, after a look at the replica nearby.</summary>
internal sealed record PeekView(string Key);

/// <summary>It has that.</summary>
/// <param name="From">The node's name.</param>
/// <param name="End">The view has all records of the key's partition below it.</param>
/// <param name="Written">The offset of the key's record; null where the view has no such key.</param>
internal sealed record ViewPeeked(string From, ulong End, ulong? Written);

// Within a node: a topic was found to be open; a table is asked something, has not been for long, may go.
internal sealed record TopicKnown(string Topic, TopicSettings Settings);

internal sealed record TableWanted(string Topic, int Partition, TableQuestion Question);

internal sealed record TableIdle(string Topic, int Partition);

internal sealed record StopTable;

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(PeekView))]
[JsonSerializable(typeof(ViewPeeked))]
[JsonSerializable(typeof(CreateTopic))]
[JsonSerializable(typeof(UseTopic))]
[JsonSerializable(typeof(OpenTopic))]
[JsonSerializable(typeof(ReadTopic))]
[JsonSerializable(typeof(TopicCreated))]
[JsonSerializable(typeof(TopicOpened))]
[JsonSerializable(typeof(TopicState))]
[JsonSerializable(typeof(NextEpoch))]
[JsonSerializable(typeof(EpochGiven))]
[JsonSerializable(typeof(TopicAnswer))]
[JsonSerializable(typeof(AppendAnswer))]
[JsonSerializable(typeof(FetchAnswer))]
[JsonSerializable(typeof(ProducerAnswer))]
[JsonSerializable(typeof(MemberAnswer))]
[JsonSerializable(typeof(GroupAnswer))]
[JsonSerializable(typeof(GroupForgotten))]
[JsonSerializable(typeof(PositionAnswer))]
[JsonSerializable(typeof(ProcessAnswer))]
[JsonSerializable(typeof(TableAnswer))]
internal sealed partial class LogBasedJson : JsonSerializerContext;
