using Cluster.Engine.Sharding;
using Cluster.Shared.Wire;
using Google.Protobuf;

namespace Cluster.Engine.Logs;

/// <content>Reads, of what is applied: so nobody sees a record before a majority has it on disk, nor a part of a transaction.</content>
internal sealed partial class LogMachine
{
    public ByteString Query(ByteString command, long nowUnixMs, bool stale, out bool needsDecision)
    {
        needsDecision = false;
        if (!TryRead(command, out var parsed, out var bad))
        {
            return bad;
        }

        if (parsed.BodyCase == LogCommand.BodyOneofCase.Transaction)
        {
            needsDecision = !stale;
            return new LogReply { Status = LogStatus.Bad, Detail = "a transaction cannot be served stale" }.ToBytes();
        }

        return Answer(parsed).ToBytes();
    }

    private LogReply Answer(LogCommand command) => command.BodyCase switch
    {
        LogCommand.BodyOneofCase.Fetch => Fetch(command.Fetch),
        LogCommand.BodyOneofCase.ReadStream => ReadStream(command.ReadStream),
        _ => Describe(command.Describe),
    };

    private LogReply Fetch(LogFetch fetch)
    {
        if (!TryFind(fetch.Partition, out var partition))
        {
            return fetch.Offset == 0 ? new LogReply() : OutOfRange(fetch, PartitionHead.Empty);
        }

        var head = partition.Applied;
        if (fetch.Offset < head.Start || fetch.Offset > head.End)
        {
            return OutOfRange(fetch, head);
        }

        var reply = new LogReply { Start = head.Start, End = head.End, NextOffset = head.End, ForgottenTo = head.ForgottenTo };
        long bytes = 0;
        for (var at = partition.Find(fetch.Offset); at < partition.Batches.Count; at++)
        {
            var batch = partition.Batches[at];
            bytes += batch.Bytes.Length;
            if (bytes > fetch.MaxBytes && reply.Batches.Count > 0)
            {
                break;
            }

            reply.Batches.Add(batch.Bytes);
            reply.NextOffset = batch.Last + 1;
        }

        return reply;
    }

    private LogReply ReadStream(LogReadStream read)
    {
        if (!TryFind(read.Partition, out var partition))
        {
            return new LogReply();
        }

        var offsets = partition.Stream(read.Key);
        var reply = new LogReply { Start = partition.Applied.Start, End = partition.Applied.End, NextOffset = (ulong)offsets.Count };
        if (read.FromVersion > (ulong)offsets.Count)
        {
            (reply.Status, reply.Detail) = (LogStatus.OutOfRange, $"stream {read.Key.ToStringUtf8()} of {read.Partition} is at version {offsets.Count}; it cannot be read from {read.FromVersion}");
            return reply;
        }

        long bytes = 0;
        for (var version = (int)read.FromVersion; version < offsets.Count && reply.Batches.Count < read.MaxRecords; version++)
        {
            var batch = partition.Batches[partition.Find(offsets[version])].Read();
            var found = new LogBatch { AtMs = batch.AtMs, Records = { batch.Records.First(record => record.Offset == offsets[version]) } }.ToBytes();
            bytes += found.Length;
            if (bytes > LogBounds.MaxFetchBytes && reply.Batches.Count > 0)
            {
                break; // Whoever reads asks on.
            }

            reply.Batches.Add(found);
        }

        return reply;
    }

    private LogReply Describe(LogDescribe describe)
    {
        var found = TryFind(describe.Partition, out var partition);
        var head = found ? partition!.Applied : PartitionHead.Empty;
        var reply = new LogReply
        {
            Start = head.Start,
            End = head.End,
            Description = new LogDescription
            {
                Settings = head.Settings,
                Bytes = head.Bytes,
                Batches = (uint)(partition?.Batches.Count ?? 0),
                Producers = (uint)head.Producers.Count,
                Streams = (uint)head.Versions.Count,
                CleanedTo = head.CleanedTo,
            },
        };
        reply.Description.Groups.AddRange(head.Groups.Select(group => WireOf(group.Key, group.Value)));
        return reply;
    }

    private static LogReply OutOfRange(LogFetch fetch, PartitionHead head) => new()
    {
        Status = LogStatus.OutOfRange,
        Detail = fetch.Offset < head.Start
            ? $"offset out of range: {fetch.Offset} of {fetch.Partition} is gone by retention, which begins at {head.Start}"
            : $"offset out of range: {fetch.Offset} is past the end of {fetch.Partition}, {head.End}",
        Start = head.Start,
        End = head.End,
    };

    private static LogPosition WireOf(string group, GroupPosition position)
    {
        var wire = new LogPosition { Group = group, Generation = position.Generation, Member = position.Member };
        if (position.Offset is { } offset)
        {
            wire.Offset = offset;
        }

        return wire;
    }
}
