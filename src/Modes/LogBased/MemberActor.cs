using Cluster.Engine.Port;
using Cluster.Modes.Hosting;
using Cluster.Modes.Streams;

namespace Cluster.Modes.LogBased;

/// <summary>A member of a consumer group that joins it, shows a sign of life, or leaves; a look at the whole group, with how far behind it is; and its end.</summary>
internal sealed class MemberActor(LogBasedServices services, ModeRequest request, IActorRef client, TopicSettings? known) : TopicConversation(services, request, client, known)
{
    /// <summary>No member is called this: a name has a byte at least.</summary>
    private const string Nobody = "";

    private readonly List<GroupLag> positions = [];

    private string Group => Request.Text("group");

    private string Coordinator => LogBasedServices.GroupId(Group, Topic);

    protected override void Begin(TopicSettings topic)
    {
        switch (Request.Operation)
        {
            case "join":
                Ask<GroupShare>(
                    Services.Groups,
                    Coordinator,
                    new JoinGroup(Request.Text("member"), (long)Request.Duration("session").TotalMilliseconds, topic.Partitions),
                    Shared);
                break;
            case "heartbeat":
                Ask<GroupShare>(Services.Groups, Coordinator, new BeatGroup(Request.Text("member")), Shared);
                break;
            case "leave":
                Ask<GroupShare>(Services.Groups, Coordinator, new LeaveGroup(Request.Text("member")), Left);
                break;
            case "forget-group":
                Ask<GroupShare>(Services.Groups, Coordinator, new BeatGroup(Nobody), share => Forget(topic, share, 0)); // Which gives up whoever's session is over.
                break;
            default:
                Ask<GroupState>(Services.Groups, Coordinator, new ShowGroup(), state => Describe(topic, state));
                break;
        }
    }

    private void Shared(GroupShare share)
    {
        if (!share.IsMember)
        {
            Answer(ModeAnswer.Conflict($"{Request.Text("member")} is no member of group {Group} for {Topic} any more, whose generation is {share.Generation}: join again"));
            return;
        }

        if (Request.Find("generation") is null || Request.Number("generation") != share.Generation)
        {
            Services.Rebalances.Add(1);
            Services.Tell(FormattableString.Invariant($"group {Group} of {Topic}, generation {share.Generation}, {share.Members} members: {Request.Text("member")} has partitions {string.Join(", ", share.Partitions)}"));
        }

        Answer(ModeAnswer.Ok(new MemberAnswer(Group, Topic, Request.Text("member"), share.Generation, share.Partitions, share.Members), LogBasedJson.Default.MemberAnswer));
    }

    private void Left(GroupShare share) =>
        Answer(ModeAnswer.Ok(new MemberAnswer(Group, Topic, Request.Text("member"), share.Generation, [], share.Members), LogBasedJson.Default.MemberAnswer));

    /// <summary>Partition by partition: one that fails half-way is asked once more, and goes on. A member that joins meanwhile begins anew where its position was forgotten.</summary>
    private void Forget(TopicSettings topic, GroupShare share, int partition)
    {
        if (share.Members > 0)
        {
            Answer(ModeAnswer.Conflict(FormattableString.Invariant($"group {Group} of {Topic} has {share.Members} members: they leave first, or their sessions end")));
        }
        else if (partition == topic.Partitions)
        {
            Answer(ModeAnswer.Ok(new GroupForgotten(Group, Topic, topic.Partitions), LogBasedJson.Default.GroupForgotten));
        }
        else
        {
            Ask(LogSteps.Transaction(LogSteps.Forget(TopicPartitions.Name(Topic, partition), Group)), _ => Forget(topic, share, partition + 1));
        }
    }

    private void Describe(TopicSettings topic, GroupState state)
    {
        if (positions.Count == topic.Partitions)
        {
            var members = state.Members.ToDictionary(member => member.Key, IReadOnlyList<int> (member) => member.Value.Partitions);
            Answer(ModeAnswer.Ok(new GroupAnswer(Group, Topic, state.Generation, members, positions), LogBasedJson.Default.GroupAnswer));
            return;
        }

        Ask(LogSteps.Describe(TopicPartitions.Name(Topic, positions.Count)), reply =>
        {
            var position = reply.Description.Groups.FirstOrDefault(position => position.Group == Group);
            ulong? offset = position is { HasOffset: true } ? position.Offset : null;
            var missed = offset < reply.Start ? reply.Start - offset.Value : 0;
            positions.Add(new GroupLag(positions.Count, offset, reply.End, reply.End - Math.Max(offset ?? 0, reply.Start), missed));
            Describe(topic, state);
        });
    }
}
