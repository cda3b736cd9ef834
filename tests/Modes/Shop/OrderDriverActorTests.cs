using Cluster.Engine.Port;
using Cluster.Modes.Hosting;
using Cluster.Modes.Shop;
using Cluster.Shared.Results;

namespace Cluster.Modes.Tests.Shop;

/// <summary>What a client is told of a begin that its log did not take: that nothing has changed only where that is certain.</summary>
public class OrderDriverActorTests
{
    private readonly ActorStage stage = new();
    private readonly List<(object Message, IActorRef Sender)> log = [];
    private readonly List<(object Message, IActorRef Sender)> client = [];
    private readonly IActorRef logRef;

    public OrderDriverActorTests()
    {
        logRef = stage.Recorder(log);
        var clientRef = stage.Recorder(client);
        stage.System.ActorOf(Props.Create(() => new DriverActor(logRef, clientRef)));
        stage.Settle();
    }

    [Fact]
    public void A_begin_that_is_refused_at_once_has_changed_nothing()
    {
        Answer(new Turn("another order has the id"));

        Assert.Equal(ErrorCode.Conflict, Told().Code);
    }

    [Fact]
    public void A_begin_that_is_refused_after_one_of_unknown_outcome_may_have_changed_something()
    {
        Answer(new EntityUnavailable("log", "0", new ClusterError(ErrorCode.OutcomeUnknown, "no answer")));
        Assert.Empty(client);
        stage.Advance(TimeSpan.FromMilliseconds(250));
        Assert.Equal(2, log.Count);
        Answer(new Turn("another order has the id"));

        Assert.Equal(ErrorCode.OutcomeUnknown, Told().Code);
    }

    [Fact]
    public void A_begin_that_certainly_did_not_come_is_given_up_at_once_and_one_that_may_have_after_some_tries()
    {
        Answer(new EntityUnavailable("log", "0", new ClusterError(ErrorCode.OutcomeUnknown, "no answer")));
        while (client.Count == 0)
        {
            Assert.InRange(log.Count, 1, 10);
            stage.Advance(TimeSpan.FromMilliseconds(250));
            Answer(new EntityUnavailable("log", "0", new ClusterError(ErrorCode.Unavailable, "no majority")));
        }

        Assert.Equal(2, log.Count);
        Assert.Equal((ErrorCode.OutcomeUnknown, "no majority"), (Told().Code, Told().Message));
    }

    [Fact]
    public void What_the_log_knows_is_never_given_up()
    {
        Answer(new Turn(null));
        for (var again = 0; again < 20; again++)
        {
            Answer(new EntityUnavailable("log", "0", new ClusterError(ErrorCode.Unavailable, "no majority")));
            stage.Advance(TimeSpan.FromMilliseconds(250));
        }

        Assert.Empty(client);
        Assert.Equal(22, log.Count);
    }

    private void Answer(object reply)
    {
        log[^1].Sender.Tell(reply, logRef);
        stage.Settle();
    }

    private ClusterError Told() => Assert.IsType<ModeAnswer>(Assert.Single(client).Message).Error!;

    private sealed record Turn(string? Refused);

    /// <summary>Tells its log one thing more when it is known.</summary>
    private sealed class DriverActor(IActorRef log, IActorRef asker) : OrderDriverActor<string, Turn>(log, "o1", "begin", asker)
    {
        protected override string? WhyRefused(Turn turn) => turn.Refused;

        protected override void Turned(Turn turn, bool isFirst) => Write("report");
    }
}
