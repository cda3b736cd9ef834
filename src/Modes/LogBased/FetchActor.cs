using Cluster.Engine.Port;
using Cluster.Modes.Hosting;
using Cluster.Modes.Streams;
using Cluster.Shared.Wire;

namespace Cluster.Modes.LogBased;

/// <summary>Reads one partition from an offset on; at its end it waits for more, for as long as the client wishes, by what the nearest replica has applied.</summary>
internal sealed class FetchActor(LogBasedServices services, ModeRequest request, IActorRef client, TopicSettings? known) : TopicConversation(services, request, client, known)
{
    /// <summary>Between two looks while it waits: a small part of what an append takes, and some 100 cheap local reads a second for each that waits.</summary>
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(10);

    /// <summary>Of one answer: JSON that a client reads in one piece.</summary>
    private const int MaxBytes = 1024 * 1024;

    private readonly ulong offset = (ulong)request.Number("offset");
    private readonly TimeSpan until = request.Duration("wait");
    private TimeSpan waited;

    protected override void Begin(TopicSettings topic)
    {
        if (Request.Text("from") == LogBasedOperations.Replica)
        {
            Look();
        }
        else
        {
            Ask(LogSteps.Fetch(Partition, offset, MaxBytes), Read);
        }
    }

    private void Look() => AskWhatever(LogSteps.Fetch(Partition, offset, MaxBytes), Looked, isStale: true);

    /// <summary>A replica that lags has not come to the offset yet: that is not out of range, there is only nothing so far.</summary>
    private void Looked(LogReply reply)
    {
        if (reply.Status == LogStatus.OutOfRange && offset > reply.End)
        {
            reply = new LogReply { Start = reply.Start, End = reply.End, NextOffset = offset };
        }

        if (LogAnswers.Refusal(reply) is { } refusal)
        {
            Answer(refusal);
        }
        else
        {
            Read(reply);
        }
    }

    private void Read(LogReply reply)
    {
        if (reply.Batches.Count == 0 && waited < until)
        {
            waited += LookAgain;
            Wait(LookAgain, Look);
            return;
        }

        var most = (int)Request.Number("max");
        var found = reply.Records(offset).Take(most + 1).ToList();
        var records = found.Take(most).Select(record => new FetchedRecord(record.Record.Offset, record.AtMs, LogSteps.KeyOf(record.Record), LogSteps.ValueOf(record.Record))).ToList();
        var next = found.Count > most ? records[^1].Offset + 1 : Math.Max(reply.NextOffset, offset);
        Services.Fetched.Add(records.Count);
        Answer(ModeAnswer.Ok(new FetchAnswer(Topic, (int)Request.Number("partition"), reply.Start, reply.End, next, reply.ForgottenTo, records), LogBasedJson.Default.FetchAnswer));
    }
}
