using System.Text.Json;
using Cluster.Engine.Port;
using Cluster.Modes.Hosting;
using Cluster.Modes.Lock;
using Cluster.Modes.Tests.Hosting;
using Cluster.Modes.Tests.Shop;
using Cluster.Shared.Results;

namespace Cluster.Modes.Tests.Lock;

/// <summary>What a client that waits is told when its node cannot reach the lock any more: "no effect" only where it has no place in the queue.</summary>
public class AcquireActorTests
{
    private static readonly LockReply Waiting = new(LockOutcome.Waiting, "b holds it", "a", Ticket: 7, Place: 1, Left: TimeSpan.FromMilliseconds(100));

    private readonly ActorStage stage = new();
    private readonly List<(object Message, IActorRef Sender)> asked = [];
    private readonly List<(object Message, IActorRef Sender)> client = [];
    private readonly IActorRef locks;

    public AcquireActorTests()
    {
        locks = stage.Recorder(asked);
        var (region, clientRef) = (new RecordedRegion(LockCore.Type, locks), stage.Recorder(client));
        stage.System.ActorOf(Props.Create(() => new AcquireActor("l", region, clientRef, LockWorld.Acquire("a", keep: 60), TimeSpan.FromSeconds(4))));
        stage.Settle();
    }

    [Fact]
    public void A_first_ask_that_was_not_served_had_no_effect()
    {
        Answer(Unavailable(ErrorCode.Unavailable));

        Assert.Equal(ErrorCode.Unavailable, Told().Error!.Code);
    }

    [Fact]
    public void Whoever_has_a_place_is_told_of_it_though_the_lock_is_out_of_reach_from_then_on()
    {
        Answer(Waiting);
        for (var passed = TimeSpan.Zero; passed < TimeSpan.FromSeconds(4); passed += TimeSpan.FromMilliseconds(250))
        {
            Assert.Empty(client);
            stage.Advance(TimeSpan.FromMilliseconds(250));
            Answer(Unavailable(passed.Seconds % 2 == 0 ? ErrorCode.Unavailable : ErrorCode.Overloaded));
        }

        Assert.InRange(asked.Count, 10, 30);
        Assert.Null(Told().Error);
        using var json = JsonDocument.Parse(Told().Json!);
        Assert.Equal((false, 7), (json.RootElement.GetProperty("granted").GetBoolean(), json.RootElement.GetProperty("ticket").GetInt32()));
    }

    [Fact]
    public void A_lock_that_is_within_reach_again_is_granted_within_the_same_wait()
    {
        Answer(Waiting);
        stage.Advance(TimeSpan.FromMilliseconds(250));
        Answer(Unavailable(ErrorCode.Unavailable));
        stage.Advance(TimeSpan.FromMilliseconds(250));
        Answer(new LockReply(LockOutcome.Held, Session: "a", Token: 3, Ticket: 7, Count: 1));

        using var json = JsonDocument.Parse(Told().Json!);
        Assert.Equal(3, json.RootElement.GetProperty("token").GetInt32());
    }

    [Fact]
    public void Where_a_later_ask_may_have_arrived_nobody_says_that_the_lock_was_not_granted()
    {
        Answer(Waiting);
        stage.Advance(TimeSpan.FromMilliseconds(250));
        Answer(Unavailable(ErrorCode.OutcomeUnknown));

        Assert.Equal(ErrorCode.OutcomeUnknown, Told().Error!.Code);
        Assert.Contains("ticket 7", Told().Error!.Message, StringComparison.Ordinal);
    }

    private static EntityUnavailable Unavailable(ErrorCode code) => new("lock", "l", new ClusterError(code, "the link takes nothing now"));

    private void Answer(object reply)
    {
        asked[^1].Sender.Tell(reply, locks);
        stage.Settle();
    }

    private ModeAnswer Told() => Assert.IsType<ModeAnswer>(Assert.Single(client).Message);
}
