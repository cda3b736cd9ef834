using Cluster.Engine.Port;
using Cluster.Modes.Hosting;
using Cluster.Modes.Streams;
using Cluster.Shared.Wire;

namespace Cluster.Modes.LogBased;

/// <summary>
/// A member that takes a partition, commits how far it has come, or commits it together with what it made of the records: the output and the input's offset are one entry of one shard's
/// log, so there is no moment at which one is there without the other, and nothing uncommitted for a reader to skip.
/// </summary>
/// <param name="output">What the output's topic is, where this node has heard of it.</param>
internal sealed class PositionActor(LogBasedServices services, ModeRequest request, IActorRef client, TopicSettings? known, TopicSettings? output) : TopicConversation(services, request, client, known)
{
    /// <summary>What a consumer that commits first does afterwards takes its time: only a broken one has any.</summary>
    private static readonly TimeSpan Work = TimeSpan.FromMilliseconds(60);

    private string Group => Request.Text("group");

    private string Member => Request.Text("member");

    private ulong Generation => (ulong)Request.Number("generation");

    protected override void Begin(TopicSettings topic)
    {
        switch (Request.Operation)
        {
            case "claim":
                Ask<GroupState>(Services.Groups, LogBasedServices.GroupId(Group, Topic), new ShowGroup(), Claim);
                break;
            case "commit":
                AskWhatever(LogSteps.Transaction(Commit("offset")), reply => Conclude(reply, _ => Stands((ulong)Request.Number("offset"))));
                break;
            default:
                Process();
                break;
        }
    }

    /// <summary>
    /// The partition takes any generation above those that it knows, so one that was never given would lock the group out for good: the group is asked first. That it goes on to another one meanwhile does no harm:
    /// its members claim under that, and fence this.
    /// </summary>
    private void Claim(GroupState group)
    {
        if (WhyNot(group) is { } why)
        {
            Services.Fenced.Add(1);
            Answer(ModeAnswer.Conflict(why));
        }
        else
        {
            AskWhatever(LogSteps.Transaction(LogSteps.Claim(Partition, Group, Generation, Member)), reply => Conclude(reply, Stands));
        }
    }

    private string? WhyNot(GroupState group)
    {
        var number = (int)Request.Number("partition");
        return (ulong)group.Generation != Generation ? FormattableString.Invariant($"group {Group} of {Topic} is at generation {group.Generation}, not {Generation}: join it, and claim under the generation that it answers")
            : !group.Members.TryGetValue(Member, out var member) ? $"{Member} is no member of group {Group} for {Topic}: join it before claiming"
            : !member.Partitions.Contains(number) ? FormattableString.Invariant($"partition {number} of {Topic} is not {Member}'s under generation {Generation} of group {Group}, which gave it {string.Join(", ", member.Partitions)}")
            : null;
    }

    private void Process()
    {
        var name = Request.Text("output");
        if (name.Contains('/', StringComparison.Ordinal))
        {
            Bad($"a topic's name has no slash, and {name} has one");
        }
        else if (output is not null)
        {
            Process(name, output);
        }
        else
        {
            Ask<TopicState>(Services.Topics, name, new UseTopic(), state =>
            {
                if (state.IsNew)
                {
                    HasMade(name, state.Settings!);
                }

                if (!state.IsOpen)
                {
                    Fail(ModeAnswer.Unavailable($"topic {name} is being made: its partitions have not all been told how they are kept; ask again"));
                    return;
                }

                Context.Parent.Tell(new TopicKnown(name, state.Settings!), Self);
                Process(name, state.Settings!);
            });
        }
    }

    private void Process(string name, TopicSettings topic)
    {
        if (TopicPartitions.WhyNot(name, topic, Request.Number("partition")) is { } none)
        {
            Bad(none);
            return;
        }

        if (Request.Number("to") <= Request.Number("expect"))
        {
            Bad($"to={Request.Number("to")} is not behind expect={Request.Number("expect")}: what is made of records takes the group past them, or it would be made of them again");
            return;
        }

        if (!RecordsReader.TryRead(Request.Text("records"), out var records, out var why) || (why = KeyTopic.WhyNot(name, (int)Request.Number("partition"), records)) is not null)
        {
            Bad(why);
            return;
        }

        var append = LogSteps.Append(TopicPartitions.Name(name, (int)Request.Number("partition")), new LogAppend { Records = { records } });
        if (Services.CommitsApart)
        {
            Ask(LogSteps.Transaction(Commit("to")), _ => Wait(Work, () => AskWhatever(LogSteps.Transaction(append), reply => Conclude(reply, offset => Processed(name, offset, records.Count)))));
        }
        else
        {
            AskWhatever(LogSteps.Transaction(append, Commit("to")), reply => Conclude(reply, offset => Processed(name, offset, records.Count)));
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

    private ModeAnswer Processed(string name, ulong offset, int count)
    {
        Services.Appended.Add(count);
        return ModeAnswer.Ok(new ProcessAnswer(Group, Topic, (int)Request.Number("partition"), (ulong)Request.Number("to"), name, offset, count), LogBasedJson.Default.ProcessAnswer);
    }
}
