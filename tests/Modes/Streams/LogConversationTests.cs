using System.Text.Json;
using Cluster.Engine.Port;
using Cluster.Modes.Cqrs;
using Cluster.Modes.EventDriven;
using Cluster.Modes.Hosting;
using Cluster.Modes.LogBased;
using Cluster.Modes.Tests.Hosting;
using Cluster.Modes.Tests.Shop;
using Cluster.Shared.Results;
using Cluster.Shared.Wire;
using Google.Protobuf;

namespace Cluster.Modes.Tests.Streams;

/// <summary>A request of several steps, the first of which has taken effect when a later one is not served: no client is told then that there was no effect.</summary>
public sealed class LogConversationTests : IDisposable
{
    private static readonly LogUnavailable LogIsAway = new(new ClusterError(ErrorCode.Unavailable, "the link takes nothing now"));
    private static readonly EntityUnavailable EntityIsAway = new("views", "v", LogIsAway.Error);
    private static readonly LogReply Done = new() { Steps = { new LogStepReply() } };

    private readonly ActorStage stage = new();
    private readonly List<(object Message, IActorRef Sender)> client = [];
    private readonly IActorRef clientRef;
    private readonly StageNode node;

    public LogConversationTests() => (node, clientRef) = (new StageNode(stage), stage.Recorder(client));

    private ClusterError Error => Answered.Error!;

    private ModeAnswer Answered => Assert.IsType<ModeAnswer>(Assert.Single(client).Message);

    public void Dispose() => node.Dispose();

    [Theory]
    [InlineData("pause", true)]
    [InlineData("resume", false)]
    [InlineData("rebuild", false)]
    public void A_projection_that_was_changed_is_answered_though_nobody_can_say_how_far_it_is_behind(string operation, bool isPaused)
    {
        AskQuery(operation, ("projection", "items"));
        var core = new ProjectionCore();
        var changed = core.Decide(core.Empty, (ProjectionCommand)node.Asked, default);
        node.Answer(changed.Reply!);
        node.Answer(LogIsAway);

        Assert.Null(Answered.Error);
        using var json = JsonDocument.Parse(Answered.Json!);
        var items = json.RootElement.GetProperty("projections").EnumerateArray().Single(one => one.GetProperty("name").GetString() == "items");
        Assert.Equal(isPaused, items.GetProperty("isPaused").GetBoolean());
        Assert.Equal(operation == "rebuild", items.TryGetProperty("building", out _));
        Assert.False(items.TryGetProperty("lag", out _) || json.RootElement.TryGetProperty("events", out _));
    }

    [Fact]
    public void A_projection_that_was_not_changed_and_one_that_is_only_looked_at_are_answered_as_before()
    {
        AskQuery("pause", ("projection", "items"));
        node.Answer(EntityIsAway);

        Assert.Equal(ErrorCode.Unavailable, Error.Code);
        client.Clear();
        AskQuery("projections");
        node.Answer(LogIsAway);
        Assert.Equal(ErrorCode.Unavailable, Error.Code);
    }

    [Fact]
    public void Of_a_topic_that_was_made_nobody_is_told_that_there_was_no_effect()
    {
        Create();
        node.Answer(Made() with { IsNew = true });
        node.Answer(LogIsAway);

        Assert.Equal((ErrorCode.OutcomeUnknown, "topic t has been made (partitions=8 cleanup=delete retention=1h); what was to follow was not served: the link takes nothing now"), (Error.Code, Error.Message));
    }

    [Fact]
    public void Nor_of_one_that_another_had_begun_to_make_and_this_request_has_opened()
    {
        Create();
        node.Answer(Made());
        while (node.Asked is LogCommand)
        {
            node.Answer(Done);
        }

        Assert.IsType<OpenTopic>(node.Asked);
        node.Answer(Made() with { IsOpen = true });
        node.Answer(LogIsAway);
        Assert.Equal(ErrorCode.OutcomeUnknown, Error.Code);
    }

    [Fact]
    public void A_topic_that_was_there_is_not_made_by_a_request_that_is_not_served()
    {
        Create();
        node.Answer(Made() with { IsOpen = true });
        node.Answer(LogIsAway);

        Assert.Equal(ErrorCode.Unavailable, Error.Code);
    }

    [Theory]
    [InlineData(true, ErrorCode.OutcomeUnknown)]
    [InlineData(false, ErrorCode.Unavailable)]
    public void An_append_to_a_topic_that_it_made_by_itself_has_had_that_effect(bool isNew, ErrorCode code)
    {
        var services = new LogBasedServices(node);
        var request = Read(LogBasedOperations.All, "append", ("topic", "t"), ("value", "v"));
        Begin(Props.Create(() => new AppendActor(services, request, clientRef, null)));
        node.Answer(new TopicState(TopicCore.Usual, IsOpen: true) { IsNew = isNew });
        node.Answer(LogIsAway);

        Assert.Equal(code, Error.Code);
    }

    [Fact]
    public void A_topic_that_is_there_otherwise_is_described_in_the_words_of_whoever_makes_one()
    {
        var core = new TopicCore();
        var refused = core.Decide(Made(), new CreateTopic(TopicCore.Usual), new EntityContext("t", default)).Refusal;

        Assert.Equal("topic t is there already, and otherwise: partitions=8 cleanup=delete retention=1h", refused);
    }

    [Theory]
    [InlineData(true, ErrorCode.OutcomeUnknown)]
    [InlineData(false, ErrorCode.Unavailable)]
    public void A_dead_letter_that_was_let_go_and_not_sent_again_has_left_its_inbox(bool isLetGo, ErrorCode code)
    {
        var services = new EventDrivenServices(node);
        var request = Read(EventDrivenOperations.All, "redrive", ("subscription", "s"), ("partition", "3"), ("offset", "5"));
        Begin(Props.Create(() => new DeadLetterActor(services, request, clientRef)));
        var letter = new LogRecord { Key = ByteString.CopyFromUtf8("5"), Value = ByteString.CopyFromUtf8("""{"id":"e","type":"t","version":1,"key":"k","data":{}}""") };
        node.Answer(new LogReply { End = 1, NextOffset = 1, Batches = { new LogBatch { Records = { letter } }.ToByteString() } });
        Assert.IsType<LetGo>(node.Asked);
        node.Answer(isLetGo ? new InboxReply(InboxOutcome.Repeated) : EntityIsAway);
        if (isLetGo)
        {
            node.Answer(LogIsAway);
        }

        Assert.Equal(code, Error.Code);
    }

    private static TopicState Made() => new(new TopicSettings(8, "delete", 3_600_000, 0), IsOpen: false);

    private static ModeRequest Read(IReadOnlyList<ModeOperation> operations, string name, params (string Name, string Value)[] arguments)
    {
        var isRead = operations.Single(operation => operation.Name == name).TryRead(arguments.ToDictionary(argument => argument.Name, argument => argument.Value), out var request, out var wrong);
        Assert.True(isRead, wrong?.Message);
        return request!;
    }

    private void AskQuery(string operation, params (string Name, string Value)[] arguments)
    {
        var (services, request) = (new CqrsServices(node), Read(CqrsOperations.All, operation, arguments));
        Begin(Props.Create(() => new QueryActor(services, request, clientRef)));
    }

    private void Create()
    {
        var services = new LogBasedServices(node);
        var request = Read(LogBasedOperations.All, "create", ("topic", "t"), ("partitions", "8"), ("retention", "1h"));
        Begin(Props.Create(() => new TopicActor(services, request, clientRef)));
    }

    private void Begin(Props props)
    {
        stage.System.ActorOf(props);
        stage.Settle();
    }
}
