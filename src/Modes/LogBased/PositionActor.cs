using Cluster.Engine.Port;
using Cluster.Modes.Hosting;
using Cluster.Modes.Streams;
using Cluster.Shared.Wire;

namespace Cluster.Modes.LogBased;

/// <summary>
/// A member that takes a partition, commits how far it has come, or commits it together with what it made of the records: the output and the input's offset are one entry of one shard's
/// log, so there is no moment at which one is there without the other, and nothing uncommitted for a reader to skip.
/// </summary>
internal sealed class PositionActor(LogBasedServices services, ModeRequest request, IActorRef client, TopicSettings? known) : TopicConversation(services, request, client, known)
{
    private string Group => Request.Text("group");

    private string Member => Request.Text("member");

    private ulong Generation => (ulong)Request.Number("generation");

    protected override void Begin(TopicSettings topic)
    {
        switch (Request.Operation)
        {
            case "claim":
                AskWhatever(LogSteps.Transaction(LogSteps.Claim(Partition, Group, Generation, Member)), reply => Conclude(reply, Stands));
                break;
            case "commit":
                AskWhatever(LogSteps.Transaction(Commit("offset")), reply => Conclude(reply, _ => Stands((ulong)Request.Number("offset"))));
                break;
            default:
                Process();
                break;
        }
    }

    private void Process()
    {
        var output = Request.Text("output");
        if (output.Contains('/', StringComparison.Ordinal))
        {
            Bad($"a topic's name has no slash, and {output} has one");
            return;
        }

        if (!RecordsReader.TryRead(Request.Text("records"), out var records, out var why))
        {
            Bad(why);
            return;
        }

        var append = LogSteps.Append(TopicPartitions.Name(output, (int)Request.Number("partition")), new LogAppend { Records = { records } });
        if (Services.CommitsApart)
        {
            Ask(LogSteps.Transaction(Commit("to")), _ => AskWhatever(LogSteps.Transaction(append), reply => Conclude(reply, offset => Processed(output, offset, records.Count))));
        }
        else
        {
            AskWhatever(LogSteps.Transaction(append, Commit("to")), reply => Conclude(reply, offset => Processed(output, offset, records.Count)));
        }
    }

    private LogStep Commit(string to)
    {
        var from = Request.Find("expect") is null ? (ulong?)null : (ulong)Request.Number("expect");
        return LogSteps.Commit(Partition, Group, Generation, Member, (ulong)Request.Number(to), from, Services.LetsZombiesCommit);
    }

    /// <param name="then">Given the first step's offset.</param>
    private void Conclude(LogReply reply, Func<ulong, ModeAnswer> then)
    {
        if (reply.Status == LogStatus.Fenced)
        {
            Services.Fenced.Add(1);
            Services.Tell(reply.Detail); // What fencing is for has happened: worth a line to whoever watches.
        }

        Answer(LogAnswers.Refusal(reply) ?? then(reply.Steps[0].Offset));
    }

    private ModeAnswer Stands(ulong offset) => ModeAnswer.Ok(new PositionAnswer(Group, Topic, (int)Request.Number("partition"), offset), LogBasedJson.Default.PositionAnswer);

    private ModeAnswer Processed(string output, ulong offset, int count)
    {
        Services.Appended.Add(count);
        return ModeAnswer.Ok(new ProcessAnswer(Group, Topic, (int)Request.Number("partition"), (ulong)Request.Number("to"), output, offset, count), LogBasedJson.Default.ProcessAnswer);
    }
}
