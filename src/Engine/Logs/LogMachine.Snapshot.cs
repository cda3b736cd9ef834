using System.Collections.Immutable;
using Cluster.Engine.Sharding;
using Cluster.Shared.Wire;
using Google.Protobuf;

namespace Cluster.Engine.Logs;

/// <content>Snapshots: each partition's head, then its batches as they are.</content>
internal sealed partial class LogMachine
{
    /// <summary>Longest head that a snapshot may hold: all streams that a partition may have, with keys of their full length.</summary>
    private const int MaxHeadBytes = 256 * 1024 * 1024;

    public IMachineSnapshot TakeSnapshot() => new Snapshot([.. partitions.Values.Where(Exists).Select(partition => new Frozen(partition.Name, partition.Applied, partition.Batches))]);

    public void Restore(Stream stream)
    {
        partitions.Clear();
        changed.Clear();
        digests.Clear();
        proposed.Clear();
        hash = 0;
        using var reader = new BinaryReader(stream, System.Text.Encoding.UTF8, leaveOpen: true);
        var count = reader.Read7BitEncodedInt();
        SnapshotFormat.Require(count is >= 0 and <= LogBounds.MaxPartitionsPerShard, "partitions", count);
        for (var i = 0; i < count; i++)
        {
            var head = ReadHead(reader);
            SnapshotFormat.Require(!partitions.ContainsKey(head.Partition), "a partition twice, at place", i);
            var partition = PartitionOf(head.Partition);
            partition.Restore(HeadOf(head), ReadBatches(reader, head));
            changed.Add(partition);
        }
    }

    private static LogHead ReadHead(BinaryReader reader)
    {
        var length = reader.Read7BitEncodedInt();
        SnapshotFormat.Require(length is > 0 and <= MaxHeadBytes, "bytes of a partition's head", length);
        try
        {
            return LogHead.Parser.ParseFrom(SnapshotFormat.ReadExactly(reader, length));
        }
        catch (InvalidProtocolBufferException damaged)
        {
            throw new InvalidDataException($"The snapshot is corrupt: a partition's head: {damaged.Message}", damaged);
        }
    }

    private static IEnumerable<StoredBatch> ReadBatches(BinaryReader reader, LogHead head)
    {
        var count = reader.Read7BitEncodedInt();
        SnapshotFormat.Require(count >= 0, "batches", count);
        var next = head.Start;
        for (var i = 0; i < count; i++)
        {
            var (first, last, atMs) = ((ulong)reader.Read7BitEncodedInt64(), (ulong)reader.Read7BitEncodedInt64(), reader.Read7BitEncodedInt64());
            SnapshotFormat.Require(first <= last && last >= next && last < head.End, "a batch outside its partition, at place", i);
            next = last + 1;
            var length = reader.Read7BitEncodedInt();
            SnapshotFormat.Require(length is > 0 and <= 2 * LogBounds.MaxBatchBytes, "bytes of a batch", length);
            yield return StoredBatch.Of(first, last, atMs, UnsafeByteOperations.UnsafeWrap(SnapshotFormat.ReadExactly(reader, length)));
        }
    }

    private static LogHead WireOf(string name, PartitionHead head)
    {
        var wire = new LogHead
        {
            Partition = name,
            Settings = head.Settings,
            Start = head.Start,
            End = head.End,
            LastMs = head.LastMs,
            CleanedTo = head.CleanedTo,
            CleanNext = head.CleanNext,
            CleanUntil = head.CleanUntil,
            ForgottenTo = head.ForgottenTo,
        };
        foreach (var (producer, state) in head.Producers)
        {
            var sent = state.Recent.Select(batch => new LogSent { Sequence = batch.Sequence, Count = batch.Count, Offset = batch.Offset });
            wire.Producers.Add(new LogProducer { Name = producer, Epoch = state.Epoch, NextSequence = state.NextSequence, Recent = { sent } });
        }

        wire.Groups.AddRange(head.Groups.Select(group => WireOf(group.Key, group.Value)));
        wire.Streams.AddRange(head.Versions.OrderBy(stream => stream.Key, Comparer<ByteString>.Create((left, right) => left.Span.SequenceCompareTo(right.Span)))
            .Select(stream => new LogStream { Key = stream.Key, Version = stream.Value }));
        return wire;
    }

    private static PartitionHead HeadOf(LogHead wire)
    {
        var producers = wire.Producers.ToImmutableSortedDictionary(
            producer => producer.Name,
            producer => new ProducerState(producer.Epoch, producer.NextSequence, [.. producer.Recent.Select(sent => new SentBatch(sent.Sequence, sent.Count, sent.Offset))]),
            StringComparer.Ordinal);
        var groups = wire.Groups.ToImmutableSortedDictionary(
            group => group.Group, group => new GroupPosition(group.Generation, group.Member, group.HasOffset ? group.Offset : null), StringComparer.Ordinal);
        var versions = wire.Streams.ToImmutableDictionary(stream => stream.Key, stream => stream.Version);
        var digest = 0UL;
        foreach (var part in producers.Select(producer => HeadDigest.Of(producer.Key, producer.Value))
            .Concat(groups.Select(group => HeadDigest.Of(group.Key, group.Value)))
            .Concat(versions.Select(stream => HeadDigest.Of(stream.Key, stream.Value))))
        {
            digest += part;
        }

        return new PartitionHead
        {
            Settings = wire.Settings ?? new LogSettings(),
            Start = wire.Start,
            End = wire.End,
            LastMs = wire.LastMs,
            Producers = producers,
            Groups = groups,
            Versions = versions,
            CleanedTo = wire.CleanedTo,
            CleanNext = wire.CleanNext,
            CleanUntil = wire.CleanUntil,
            ForgottenTo = wire.ForgottenTo,
            PartsDigest = digest,
        };
    }

    private sealed record Frozen(string Name, PartitionHead Head, ImmutableList<StoredBatch> Batches);

    private sealed class Snapshot(IReadOnlyList<Frozen> partitions) : IMachineSnapshot
    {
        public void WriteTo(Stream stream)
        {
            using var writer = new BinaryWriter(stream, System.Text.Encoding.UTF8, leaveOpen: true);
            writer.Write7BitEncodedInt(partitions.Count);
            foreach (var partition in partitions)
            {
                var head = WireOf(partition.Name, partition.Head).ToByteArray();
                writer.Write7BitEncodedInt(head.Length);
                writer.Write(head);
                writer.Write7BitEncodedInt(partition.Batches.Count);
                foreach (var batch in partition.Batches)
                {
                    writer.Write7BitEncodedInt64((long)batch.Base);
                    writer.Write7BitEncodedInt64((long)batch.Last);
                    writer.Write7BitEncodedInt64(batch.AtMs);
                    writer.Write7BitEncodedInt(batch.Bytes.Length);
                    writer.Write(batch.Bytes.Span);
                }
            }
        }

        public void Dispose()
        {
        }
    }
}
