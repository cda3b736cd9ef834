using Cluster.Engine.Port;
using Cluster.Modes.Hosting;
using Cluster.Modes.Streams;
using Cluster.Shared.Wire;

namespace Cluster.Modes.LogBased;

/// <summary>Appends one batch to one partition: the one that is named, the key's, or any.</summary>
internal sealed class AppendActor(LogBasedServices services, ModeRequest request, IActorRef client, TopicSettings? known) : TopicConversation(services, request, client, known)
{
    protected override void Begin(TopicSettings topic)
    {
        if (!TryReadRecords(out var records, out var why) || !TryChoose(topic, records, out var partition, out why) || (why = KeyTopic.WhyNot(Topic, partition, records)) is not null)
        {
            Bad(why!);
            return;
        }

        var append = new LogAppend { Records = { records } };
        if (Request.Find("producer") is { } producer && !Services.AppendsRetriesTwice)
        {
            (append.Producer, append.Epoch, append.Sequence) = (producer, (uint)Request.Number("epoch"), (ulong)Request.Number("sequence"));
        }

        AskWhatever(LogSteps.Transaction(LogSteps.Append(TopicPartitions.Name(Topic, partition), append)), reply => Appended(partition, records.Count, reply));
    }

    private void Appended(int partition, int count, LogReply reply)
    {
        if (LogAnswers.Refusal(reply) is { } refusal)
        {
            if (reply.Status == LogStatus.Fenced)
            {
                Services.Fenced.Add(1);
                Services.Tell(reply.Detail);
            }

            Answer(refusal);
            return;
        }

        var step = reply.Steps[0];
        (step.Duplicate ? Services.Duplicates : Services.Appended).Add(step.Duplicate ? 1 : count);
        Answer(ModeAnswer.Ok(new AppendAnswer(Topic, partition, step.Offset, count, step.Duplicate), LogBasedJson.Default.AppendAnswer));
    }

    private bool TryReadRecords(out IReadOnlyList<LogRecord> records, out string? why)
    {
        records = [];
        var (key, value, many) = (Request.Find("key"), Request.Find("value"), Request.Find("records"));
        why = many is null ? key is null && value is null ? "an append needs a value, or a key for a tombstone, or records" : null
            : value is not null ? "an append has a value or records, not both" : null;
        if (why is null && many is null)
        {
            records = [LogSteps.Record(key, value)];
        }
        else if (why is null && RecordsReader.TryRead(many!, out var read, out why))
        {
            records = read;
        }

        return why is null;
    }

    private bool TryChoose(TopicSettings topic, IReadOnlyList<LogRecord> records, out int partition, out string? why)
    {
        (partition, why) = (0, null);
        if (Request.Find("partition") is not null)
        {
            partition = (int)Request.Number("partition");
        }
        else if ((Request.Find("key") ?? (records.Count == 1 ? LogSteps.KeyOf(records[0]) : null)) is { } key)
        {
            partition = LogSteps.PartitionOf(key, topic.Partitions);
        }
        else if (Request.Find("producer") is not null || records.Any(record => record.HasKey))
        {
            why = "records with keys, or of a producer, need the partition or the key that they go to: their order rests on it";
        }
        else
        {
            partition = Context.System.Random.Next(topic.Partitions);
        }

        return why is null;
    }
}
