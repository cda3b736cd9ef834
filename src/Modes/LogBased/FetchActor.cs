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
    private LogReply? nothing; // What the last look brought, while it waits.
    private bool isOver;

    /// <summary>The wait counts from the request on, whatever a look takes: the client is told before the door loses patience.</summary>
    protected override void PreStart()
    {
        var wait = Request.Duration("wait");
        isOver = wait == TimeSpan.Zero;
        if (!isOver)
        {
            Timers.StartSingle(nameof(WaitOver), WaitOver.Instance, wait);
        }

        base.PreStart();
    }

    protected override void Receive(object message)
    {
        switch (message)
        {
            case WaitOver when nothing is not null:
                Page(nothing);
                break;
            case WaitOver:
                isOver = true; // The first look is still under way: it is the only one.
                break;
            default:
                base.Receive(message);
                break;
        }
    }

    protected override void Begin(TopicSettings topic)
    {
        if (Request.Text("from") == LogBasedOperations.Replica)
        {
            Look();
        }
        else
        {
            AskWhatever(LogSteps.Fetch(Partition, offset, MaxBytes), Told);
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

        Told(reply);
    }

    /// <summary>What the partition refuses is the question's own fault, also where the question has made the topic.</summary>
    private void Told(LogReply reply)
    {
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
        if (reply.Batches.Count == 0 && !isOver)
        {
            nothing = reply;
            Wait(LookAgain, Look);
        }
        else
        {
            Page(reply);
        }
    }

    private void Page(LogReply reply)
    {
        var most = (int)Request.Number("max");
        var found = reply.Records(offset).Take(most + 1).ToList();
        var records = found.Take(most).Select(record => new FetchedRecord(record.Record.Offset, record.AtMs, LogSteps.KeyOf(record.Record), LogSteps.ValueOf(record.Record))).ToList();
        var next = found.Count > most ? records[^1].Offset + 1 : Math.Max(reply.NextOffset, offset);
        Services.Fetched.Add(records.Count);
        Answer(ModeAnswer.Ok(new FetchAnswer(Topic, (int)Request.Number("partition"), reply.Start, reply.End, next, reply.ForgottenTo, records), LogBasedJson.Default.FetchAnswer));
    }

    private sealed class WaitOver
    {
        public static readonly WaitOver Instance = new();
    }
}
