using Cluster.Engine.Sharding;
using Cluster.Shared.Wire;
using Google.Protobuf;

namespace Cluster.Engine.Logs;

/// <content>Transactions on the leader: each step on what the steps before it leave, and nothing at all if one is refused.</content>
internal sealed partial class LogMachine
{
    public MachineDecision Decide(ByteString command, long nowUnixMs)
    {
        if (!TryRead(command, out var parsed, out var bad))
        {
            return MachineDecision.Refused(bad);
        }

        return parsed.BodyCase == LogCommand.BodyOneofCase.Transaction ? Decide(parsed.Transaction, nowUnixMs) : MachineDecision.Read(Answer(parsed).ToBytes());
    }

    private MachineDecision Decide(LogTransaction transaction, long nowUnixMs)
    {
        var heads = new Dictionary<string, PartitionHead>(StringComparer.Ordinal);
        var happens = new LogEvent();
        var reply = new LogReply();
        var made = 0; // Partitions that this transaction makes: a shard with more than it may have could not read its own snapshot.
        foreach (var step in transaction.Steps)
        {
            var head = heads.GetValueOrDefault(step.Partition) ?? (partitions.TryGetValue(step.Partition, out var partition) ? partition.Expected : PartitionHead.Empty);
            var isNew = ReferenceEquals(head, PartitionHead.Empty) && !partitions.ContainsKey(step.Partition);
            var verdict = isNew && partitions.Count + made >= LogBounds.MaxPartitionsPerShard
                ? StepVerdict.Refuse(LogStatus.Full, $"this shard holds {LogBounds.MaxPartitionsPerShard} partitions, the most it may")
                : PartitionCore.Decide(head, step, nowUnixMs);
            (reply.Start, reply.End) = (head.Start, head.End);
            if (verdict.Status != LogStatus.Ok)
            {
                reply = new LogReply { Status = verdict.Status, Detail = verdict.Detail, Start = head.Start, End = head.End };
                return verdict.Status == LogStatus.Bad ? MachineDecision.Refused(reply.ToBytes()) : MachineDecision.Unchanged(reply.ToBytes());
            }

            reply.Steps.Add(verdict.Reply);
            if (verdict.Change is { } change)
            {
                happens.Changes.Add(change);
                made += isNew ? 1 : 0;
                heads[step.Partition] = head = head.After(change);
                reply.End = head.End;
            }
        }

        return happens.Changes.Count == 0 ? MachineDecision.Unchanged(reply.ToBytes()) : MachineDecision.Changed(happens.ToBytes(), reply.ToBytes(), heads);
    }

    private static bool TryRead(ByteString command, out LogCommand parsed, out ByteString bad)
    {
        bad = ByteString.Empty;
        string? why;
        try
        {
            parsed = LogCommand.Parser.ParseFrom(command);
            why = LogRules.WhyNot(parsed);
        }
        catch (InvalidProtocolBufferException damaged)
        {
            (parsed, why) = (new LogCommand(), $"this is no command for a durable log: {damaged.Message}");
        }

        if (why is not null)
        {
            bad = new LogReply { Status = LogStatus.Bad, Detail = why }.ToBytes();
        }

        return why is null;
    }
}
