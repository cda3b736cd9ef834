using Cluster.Shared.Wire;
using Google.Protobuf;

namespace Cluster.Engine.Logs;

/// <summary>What a change makes of a partition's head: pure, the same on the leader that decided it and on every replica that applies it.</summary>
internal static class PartitionEvolution
{
    public static PartitionHead After(this PartitionHead head, LogChange change) => change.BodyCase switch
    {
        LogChange.BodyOneofCase.Appended => Appended(head, change.Appended),
        LogChange.BodyOneofCase.Positioned => Positioned(head, change.Positioned),
        LogChange.BodyOneofCase.Forgotten => Forgotten(head, change.Forgotten.Group),
        LogChange.BodyOneofCase.Configured => head with { Settings = change.Configured },
        LogChange.BodyOneofCase.Trimmed => head with { Start = Math.Max(head.Start, change.Trimmed.Start) },
        LogChange.BodyOneofCase.Cleaned => Cleaned(head, change.Cleaned),
        _ => throw new InvalidDataException($"nothing is known of a change {change.BodyCase} to a log partition"),
    };

    private static PartitionHead Appended(PartitionHead head, LogAppended appended)
    {
        if (appended.BaseOffset != head.End)
        {
            throw new InvalidDataException($"a batch is at offset {appended.BaseOffset}, where the partition ends at {head.End}");
        }

        var next = head with { End = head.End + appended.Count, LastMs = Math.Max(head.LastMs, TimeOf(appended.Batch)), Bytes = head.Bytes + appended.Batch.Length };
        if (appended.Producer.Length > 0)
        {
            next = Sent(next, appended.Producer, appended.Epoch, new SentBatch(appended.Sequence, appended.Count, appended.BaseOffset));
        }

        return appended.Stream.IsEmpty ? next : Grown(next, appended.Stream, appended.Count);
    }

    private static PartitionHead Sent(PartitionHead head, string name, uint epoch, SentBatch sent)
    {
        var before = head.Producers.GetValueOrDefault(name);
        var after = before?.After(epoch, sent) ?? ProducerState.First(epoch, sent);
        var next = head with { Producers = head.Producers.SetItem(name, after), PartsDigest = head.PartsDigest + HeadDigest.Of(name, after) - HeadDigest.Of(name, before) };
        if (next.Producers.Count <= LogBounds.MaxProducers)
        {
            return next;
        }

        var oldest = next.Producers.MinBy(producer => (producer.Value.LastOffset, producer.Key));
        return next with { Producers = next.Producers.Remove(oldest.Key), PartsDigest = next.PartsDigest - HeadDigest.Of(oldest.Key, oldest.Value) };
    }

    private static PartitionHead Grown(PartitionHead head, ByteString stream, uint count)
    {
        var before = head.Versions.GetValueOrDefault(stream);
        return head with
        {
            Versions = head.Versions.SetItem(stream, before + count),
            PartsDigest = head.PartsDigest + HeadDigest.Of(stream, before + count) - HeadDigest.Of(stream, before),
        };
    }

    private static PartitionHead Positioned(PartitionHead head, LogPosition position)
    {
        var before = head.Groups.GetValueOrDefault(position.Group);
        var after = new GroupPosition(position.Generation, position.Member, position.HasOffset ? position.Offset : null);
        return head with
        {
            Groups = head.Groups.SetItem(position.Group, after),
            PartsDigest = head.PartsDigest + HeadDigest.Of(position.Group, after) - HeadDigest.Of(position.Group, before),
        };
    }

    private static PartitionHead Forgotten(PartitionHead head, string group) =>
        head with { Groups = head.Groups.Remove(group), PartsDigest = head.PartsDigest - HeadDigest.Of(group, head.Groups.GetValueOrDefault(group)) };

    private static PartitionHead Cleaned(PartitionHead head, LogCleaned cleaned) => cleaned.To < cleaned.Until
        ? head with { CleanNext = cleaned.To, CleanUntil = cleaned.Until }
        : head with { CleanedTo = cleaned.Until, CleanNext = cleaned.Until, CleanUntil = cleaned.Until };

    /// <summary>The batch's time stands in front, so it is found without reading the records.</summary>
    private static long TimeOf(ByteString batch)
    {
        using var input = batch.CreateCodedInput();
        return input.ReadTag() == AtTag ? input.ReadInt64() : 0;
    }

    private const uint AtTag = (LogBatch.AtMsFieldNumber << 3) | 0;
}
