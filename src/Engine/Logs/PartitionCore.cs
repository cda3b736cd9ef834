using Cluster.Engine.Sharding;
using Cluster.Shared.Wire;
using Google.Protobuf;

namespace Cluster.Engine.Logs;

/// <summary>
/// One partition's rules, pure: an append by an idempotent producer is taken once and in order (KIP-98), a group moves only by the member that claimed the partition under the newest
/// generation, and a stream grows only from the version that its writer has seen.
/// </summary>
internal static class PartitionCore
{
    public static StepVerdict Decide(PartitionHead head, LogStep step, long nowMs) => step.BodyCase switch
    {
        LogStep.BodyOneofCase.Append => Append(head, step.Partition, step.Append, nowMs),
        LogStep.BodyOneofCase.Claim => Claim(head, step.Partition, step.Claim),
        LogStep.BodyOneofCase.Commit => Commit(head, step.Partition, step.Commit),
        LogStep.BodyOneofCase.Forget => head.Groups.ContainsKey(step.Forget.Group)
            ? StepVerdict.Changed(new LogChange { Partition = step.Partition, Forgotten = step.Forget }, new LogStepReply())
            : StepVerdict.Answer(new LogStepReply()),
        LogStep.BodyOneofCase.Configure => Configure(head, step.Partition, step.Configure),
        _ => StepVerdict.Refuse(LogStatus.Bad, $"a step for {step.Partition} says nothing"),
    };

    private static StepVerdict Append(PartitionHead head, string partition, LogAppend append, long nowMs)
    {
        if (append.Producer.Length > 0 && head.Producers.GetValueOrDefault(append.Producer) is var producer && Sequence(producer, partition, append) is { } known)
        {
            return known;
        }

        var bytes = append.CalculateSize();
        if (head.Settings.Cleanup != LogCleanup.Delete && append.Records.Any(record => !record.HasKey))
        {
            return StepVerdict.Refuse(LogStatus.Bad, $"every record of {partition} needs a key: it is kept by key");
        }

        if (head.Settings.Cleanup != LogCleanup.Delete && head.Bytes + bytes > RoomFor(head, append))
        {
            return Full(head, partition);
        }

        if (Version(head, partition, append) is { } conflict)
        {
            return conflict;
        }

        var batch = new LogBatch { AtMs = Math.Max(nowMs, head.LastMs) };
        foreach (var (place, record) in append.Records.Index())
        {
            var placed = record.Clone();
            placed.Offset = head.End + (ulong)place;
            batch.Records.Add(placed);
        }

        return StepVerdict.Changed(
            new LogChange
            {
                Partition = partition,
                Appended = new LogAppended
                {
                    BaseOffset = head.End,
                    Count = (uint)append.Records.Count,
                    Batch = batch.ToBytes(),
                    Producer = append.Producer,
                    Epoch = append.Epoch,
                    Sequence = append.Sequence,
                    Stream = head.Settings.Cleanup == LogCleanup.Streams ? append.Records[0].Key : ByteString.Empty,
                },
            },
            new LogStepReply { Offset = head.End });
    }

    /// <summary>Deletions have a reserve: where they were refused, too, nobody could make room.</summary>
    private static long RoomFor(PartitionHead head, LogAppend append) =>
        head.Settings.Cleanup == LogCleanup.Compact && append.Records.All(record => !record.HasValue) ? head.RetentionBytes + (head.RetentionBytes / LogBounds.ReserveShare) : head.RetentionBytes;

    private static StepVerdict Full(PartitionHead head, string partition) => head.Settings.Cleanup == LogCleanup.Compact
        ? StepVerdict.Refuse(LogStatus.Full, $"{partition} holds {head.Bytes} bytes, and may keep {head.RetentionBytes}: compaction takes only what newer records have replaced, and old tombstones; delete keys, which is still taken, and try again, or spread the keys over more partitions")
        : StepVerdict.Refuse(LogStatus.Full, $"{partition} holds {head.Bytes} bytes, and may keep {head.RetentionBytes}: nothing goes from it by itself; give it more, or spread its keys over more partitions");

    /// <summary>What the producer's numbers say of this batch; null when it is the next one.</summary>
    private static StepVerdict? Sequence(ProducerState? producer, string partition, LogAppend append)
    {
        var (name, epoch, sequence) = (append.Producer, append.Epoch, append.Sequence);
        if (producer is not null && epoch < producer.Epoch)
        {
            return StepVerdict.Refuse(LogStatus.Fenced, $"producer {name} is fenced at {partition}: its epoch {epoch} is older than {producer.Epoch}, under which it has been started anew");
        }

        var next = producer is not null && epoch == producer.Epoch ? producer.NextSequence : 0;
        if (sequence == next)
        {
            return null;
        }

        if (sequence > next)
        {
            return StepVerdict.Refuse(LogStatus.OutOfOrder, $"producer {name} sends {sequence} to {partition} under epoch {epoch}, where {next} comes next: one before it is missing, or the producer was forgotten; begin a new epoch");
        }

        // Only a producer that is known has a next above 0, so it is known here.
        var sent = producer!.Recent.FirstOrDefault(sent => sent.Sequence == sequence && sent.Count == append.Records.Count);
        return sent.Count > 0
            ? StepVerdict.Answer(new LogStepReply { Offset = sent.Offset, Duplicate = true })
            : StepVerdict.Refuse(LogStatus.OutOfOrder, $"producer {name} sends {sequence} to {partition} once more, where {next} comes next, but not as one of its last {LogBounds.RememberedBatches} batches: where it went is not known any more");
    }

    private static StepVerdict? Version(PartitionHead head, string partition, LogAppend append)
    {
        if (head.Settings.Cleanup != LogCleanup.Streams)
        {
            return append.HasExpectedVersion ? StepVerdict.Refuse(LogStatus.Bad, $"{partition} keeps no versions: only one with cleanup 'streams' does") : null;
        }

        var stream = append.Records[0].Key;
        if (!append.HasExpectedVersion || append.Records.Any(record => !record.Key.Equals(stream)))
        {
            return StepVerdict.Refuse(LogStatus.Bad, $"{partition} keeps streams: an append is for one key, and says which version it expects");
        }

        if (head.Versions.GetValueOrDefault(stream) is var version && version != append.ExpectedVersion)
        {
            return StepVerdict.Refuse(LogStatus.Conflict, $"stream {stream.ToStringUtf8()} is at version {version}, not {append.ExpectedVersion}: read it again and decide anew");
        }

        return version == 0 && head.Versions.Count == LogBounds.MaxStreams
            ? StepVerdict.Refuse(LogStatus.Full, $"{partition} keeps {LogBounds.MaxStreams} streams, the most it may")
            : null;
    }

    private static StepVerdict Claim(PartitionHead head, string partition, LogClaim claim)
    {
        var position = head.Groups.GetValueOrDefault(claim.Group);

        // Written down with the first claim, before anything is committed: else what retention takes from a group that is at work would be skipped without a word.
        var offset = position?.Offset ?? head.Start;
        var reply = new LogStepReply { Offset = offset };
        if (position is null && head.Groups.Count == LogBounds.MaxGroups)
        {
            return StepVerdict.Refuse(LogStatus.Full, $"{partition} keeps the positions of {LogBounds.MaxGroups} groups, the most it may: forget one that nobody uses any more");
        }

        if (position is not null && claim.Generation <= position.Generation)
        {
            return claim.Generation == position.Generation && claim.Member == position.Member
                ? StepVerdict.Answer(reply)
                : Fenced(partition, claim.Group, claim.Member, claim.Generation, position);
        }

        return StepVerdict.Changed(Move(partition, claim.Group, claim.Generation, claim.Member, offset), reply);
    }

    private static StepVerdict Commit(PartitionHead head, string partition, LogCommit commit)
    {
        var position = head.Groups.GetValueOrDefault(commit.Group);
        if (commit.Unfenced)
        {
            return commit.Offset > head.End
                ? PastEnd(head, partition, commit)
                : StepVerdict.Changed(Move(partition, commit.Group, position?.Generation ?? commit.Generation, position?.Member ?? commit.Member, commit.Offset), new LogStepReply());
        }

        if (position is null)
        {
            return StepVerdict.Refuse(LogStatus.Fenced, $"group {commit.Group} has nobody at {partition}: claim it before committing");
        }

        if (commit.Generation != position.Generation || commit.Member != position.Member)
        {
            return Fenced(partition, commit.Group, commit.Member, commit.Generation, position);
        }

        if (commit.HasFrom && commit.From != (position.Offset ?? head.Start))
        {
            return StepVerdict.Refuse(LogStatus.Conflict, $"group {commit.Group} stands at {position.Offset ?? head.Start} of {partition}, not at {commit.From}: claim it again to go on from there");
        }

        return commit.Offset > head.End
            ? PastEnd(head, partition, commit)
            : StepVerdict.Changed(Move(partition, commit.Group, commit.Generation, commit.Member, commit.Offset), new LogStepReply());
    }

    private static StepVerdict Configure(PartitionHead head, string partition, LogSettings settings)
    {
        if (settings.RetentionBytes is < 0 or > LogBounds.MaxRetentionBytes || settings.RetentionMs is < 0 or > LogBounds.MaxRetentionMs || !Enum.IsDefined(settings.Cleanup))
        {
            return StepVerdict.Refuse(LogStatus.Bad, $"{partition} may keep 0 to {LogBounds.MaxRetentionBytes} bytes for 0 to {LogBounds.MaxRetentionMs} ms, by delete, compact or streams");
        }

        if (settings.Equals(head.Settings))
        {
            return StepVerdict.Answer(new LogStepReply());
        }

        if (settings.Cleanup == LogCleanup.Compact && settings.RetentionBytes is > 0 and < LogBounds.MinCompactBytes)
        {
            return StepVerdict.Refuse(LogStatus.Bad, $"{partition} is compacted, and may then keep no fewer than {LogBounds.MinCompactBytes} bytes, not {settings.RetentionBytes}: there would be a pass for every handful of records");
        }

        return head.End > 0 && settings.Cleanup != head.Settings.Cleanup
            ? StepVerdict.Refuse(LogStatus.Conflict, $"{partition} has records that are kept by {head.Settings.Cleanup}: that cannot be changed to {settings.Cleanup} any more")
            : StepVerdict.Changed(new LogChange { Partition = partition, Configured = settings }, new LogStepReply());
    }

    private static LogChange Move(string partition, string group, ulong generation, string member, ulong offset) =>
        new() { Partition = partition, Positioned = new LogPosition { Group = group, Generation = generation, Member = member, Offset = offset } };

    private static StepVerdict Fenced(string partition, string group, string member, ulong generation, GroupPosition position) => StepVerdict.Refuse(
        LogStatus.Fenced, $"{member} of group {group} is fenced at {partition}: generation {generation} is not that of {position.Member}, who has it under {position.Generation}; join again");

    private static StepVerdict PastEnd(PartitionHead head, string partition, LogCommit commit) =>
        StepVerdict.Refuse(LogStatus.OutOfRange, $"offset out of range: {commit.Offset} is past the end of {partition}, {head.End}");
}
