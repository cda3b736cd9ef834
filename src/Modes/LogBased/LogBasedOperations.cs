using Cluster.Engine.Logs;
using Cluster.Modes.Hosting;
using Cluster.Modes.Storage;
using Cluster.Modes.Streams;

namespace Cluster.Modes.LogBased;

/// <summary>What the log can be asked.</summary>
internal static class LogBasedOperations
{
    public const string Delete = "delete";
    public const string Compact = "compact";
    public const string Leader = "leader";
    public const string Replica = "replica";
    public const string Read = "read";
    public const string Latest = "latest";
    public const string Local = "local";

    /// <summary>Longest wait of one request: below a door's patience, so that whoever waits is told.</summary>
    private static readonly TimeSpan LongestWait = ModeHost.Patience - TimeSpan.FromSeconds(1);

    private const int MaxNameBytes = 100;

    /// <summary>Of one batch as JSON: what it becomes is within <see cref="LogBounds.MaxBatchBytes"/>.</summary>
    private const int MaxRecordsBytes = 1_000_000;

    /// <summary>Numbers stay exact in JSON (2^53).</summary>
    private const long MaxNumber = 9_007_199_254_740_992;

    private static readonly ModeArgument Topic = ModeArgument.Text("topic", "The topic; topics with one hash tag, as {orders}.in and {orders}.out, can take part in one transaction", MaxNameBytes);
    private static readonly ModeArgument Partition = ModeArgument.Number("partition", "Which partition of the topic, from 0", 0, TopicCore.MaxPartitions - 1);
    private static readonly ModeArgument Group = ModeArgument.Text("group", "The consumer group", MaxNameBytes);
    private static readonly ModeArgument Member = ModeArgument.Text("member", "Who asks, as a member of the group", MaxNameBytes);
    private static readonly ModeArgument Generation = ModeArgument.Number("generation", "The generation under which the member has the partition: an older one is refused", 0, MaxNumber);
    private static readonly ModeArgument Producer = ModeArgument.Text("producer", "The name of an idempotent producer: a batch that it sends again stands there once", MaxNameBytes);
    private static readonly ModeArgument Records = ModeArgument.Text("records", "A JSON array of values, or of objects with key and value; a value of null is a tombstone", MaxRecordsBytes);

    private static readonly ModeArgument Dial = ModeArgument.Choice(
        Read, "Up to where this node's view reads the log before it answers: to the end, as the leader tells it that a majority confirms; or as far as the replica nearby has come.", Latest, Local).Or(Latest);

    public static IReadOnlyList<ModeOperation> All { get; } =
    [
        StorageOperations.Reading(Dial),
        StorageOperations.Writing(),
        StorageOperations.Deleting(),
        StorageOperations.Scanning(Dial),
        StorageOperations.Locating(),
        new("create", "Makes a topic, and answers it; 409 where it is there already and otherwise. One that is used before it is made, be it only read, is made by that, with four partitions, and keeps by deletion.")
        {
            Arguments =
            [
                Topic,
                ModeArgument.Number("partitions", "How many", 1, TopicCore.MaxPartitions).Or("4"),
                ModeArgument.Choice("cleanup", "What goes in time: the oldest records, or of each key all but the last", Delete, Compact).Or(Delete),
                ModeArgument.Duration("retention", "How long a record is kept, or a tombstone of a compacted topic; 0s is for ever", TimeSpan.Zero, TimeSpan.FromMilliseconds(LogBounds.MaxRetentionMs)).Or("0s"),
                ModeArgument.Number("retention-bytes", FormattableString.Invariant($"How much each partition keeps, {LogBounds.MinCompactBytes} or more where it is compacted; 0 is 16 MiB"), 0, LogBounds.MaxRetentionBytes).Or("0"),
            ],
        },
        new("topic", "What a topic is, and how far each of its partitions reaches.") { Arguments = [Topic], IsRead = true },
        new("append", "Appends one record, or a batch, to one partition, and answers the first offset once a majority has it on disk.")
        {
            Arguments =
            [
                Topic,
                Partition.Optional(),
                ModeArgument.Text("key", "Records of one key go to one partition, in their order", MaxNameBytes).Optional(),
                ModeArgument.Text("value", "The record; with a key and no value it is a tombstone", MaxRecordsBytes).Optional(),
                Records.Optional(),
                Producer.Optional(),
                ModeArgument.Number("epoch", "Of the producer: an older one is refused", 0, uint.MaxValue).Or("0"),
                ModeArgument.Number("sequence", "Of the batch's first record: those of one producer, epoch and partition count from 0, without a gap", 0, MaxNumber).Or("0"),
            ],
        },
        new("fetch", "Reads a partition from an offset on, and answers where to go on; 409 'offset out of range' where retention has been there, or past the end.")
        {
            Arguments =
            [
                Topic, Partition,
                ModeArgument.Number("offset", "Of the first record that is wanted", 0, MaxNumber).Or("0"),
                ModeArgument.Number("max", "How many records at most", 1, 1_000).Or("100"),
                ModeArgument.Duration("wait", "How long to wait where there is nothing yet", TimeSpan.Zero, LongestWait).Or("0s"),
                ModeArgument.Choice("from", "Who answers: the leader, who knows the end, or any replica, which may not have come there yet", Leader, Replica).Or(Leader),
            ],
            IsRead = true,
        },
        new("producer", "Starts a producer anew: answers an epoch above all before it. What it sent under an older one, and is still under way, is refused from its first batch on.") { Arguments = [Producer] },
        new("join", "Joins a group, and answers the generation and which partitions are the member's.")
        {
            Arguments = [Topic, Group, Member, ModeArgument.Duration("session", "How long the member is kept without a sign of life", GroupCore.ShortestSession, GroupCore.LongestSession).Or("10s")],
        },
        new("heartbeat", "A sign of life: answers as join does, which may be another generation with other partitions; 409 where the group has given the member up.")
        {
            Arguments = [Topic, Group, Member, Generation.Optional()],
        },
        new("leave", "Leaves a group: the others share its partitions at once.") { Arguments = [Topic, Group, Member] },
        new("group", "Who is in a group, where it stands in each partition, how far behind it is, and how much retention has taken before the group came there.") { Arguments = [Topic, Group], IsRead = true },
        new("forget-group", "Forgets where a group without members stands, in all partitions of the topic: a partition keeps the positions of 200 groups. By the same name one begins anew; 409 while it has members.") { Arguments = [Topic, Group] },
        new("claim", "Takes a partition under a generation, and answers where the group stands: from then on no older generation commits there. 409 unless the group is at that generation, and has given the member the partition.") { Arguments = [Topic, Partition, Group, Generation, Member] },
        new("commit", "Commits how far the group has come; backwards to read again.")
        {
            Arguments =
            [
                Topic, Partition, Group, Generation, Member,
                ModeArgument.Number("offset", "Of the next record that the group wants", 0, MaxNumber),
                ModeArgument.Number("expect", "Where the group must stand, or nothing happens", 0, MaxNumber).Optional(),
            ],
        },
        new("process", "Exactly once: appends what was made of the input's records to the same partition of another topic, and commits the input's offset, in one step.")
        {
            Arguments =
            [
                Topic, Partition, Group, Generation, Member,
                ModeArgument.Number("expect", "Where the group must stand in the input, or nothing happens", 0, MaxNumber),
                ModeArgument.Number("to", "Where it stands afterwards", 0, MaxNumber),
                ModeArgument.Text("output", "The topic of the output, with the input's hash tag", MaxNameBytes),
                Records,
            ],
        },
        new("table", "The last value of each key of a partition, as this node's table has it after reading to the end.") { Arguments = [Topic, Partition], IsRead = true },
    ];
}
