using Cluster.Engine.Port;

namespace Cluster.Engine.Tests.Actors;

/// <summary>Timers and the receive timeout, under virtual time.</summary>
public sealed class TimerTests
{
    private readonly ActorWorld world = new();
    private readonly List<object> log = [];

    [Fact]
    public void A_single_timer_fires_once_at_its_time()
    {
        Run((self, _) => self.Timers.StartSingle("k", "tick", TimeSpan.FromSeconds(2)));
        world.Advance(1.9);
        Assert.Empty(log);
        world.Advance(10);
        Assert.Equal(["tick at 2"], log);
    }

    [Fact]
    public void A_periodic_timer_fires_until_cancelled()
    {
        Run((self, _) =>
        {
            self.Timers.StartPeriodic("k", "tick", TimeSpan.FromSeconds(1));
            self.Timers.StartSingle("end", "cancel k", TimeSpan.FromSeconds(3.5));
        });
        world.Advance(10);
        Assert.Equal(["tick at 1", "tick at 2", "tick at 3"], log);
        Assert.Null(world.Time.NextDue);
    }

    [Fact]
    public void A_timer_started_anew_replaces_the_old_one()
    {
        Run((self, _) =>
        {
            self.Timers.StartSingle("k", "old", TimeSpan.FromSeconds(1));
            self.Timers.StartSingle("k", "new", TimeSpan.FromSeconds(2));
        });
        world.Advance(10);
        Assert.Equal(["new at 2"], log);
    }

    [Fact]
    public void A_tick_already_in_the_mailbox_does_not_arrive_once_its_timer_is_cancelled()
    {
        var actor = Run((self, _) => self.Timers.StartSingle("k", "tick", TimeSpan.FromSeconds(1)));
        actor.Tell("cancel k");
        world.Time.Advance(TimeSpan.FromSeconds(5));
        world.Settle();
        Assert.Empty(log);
    }

    [Fact]
    public void A_tick_already_in_the_mailbox_does_not_arrive_after_a_restart()
    {
        var actor = Run((self, _) => self.Timers.StartPeriodic("k", "tick", TimeSpan.FromSeconds(1)));
        actor.Tell("fail");
        world.Time.Advance(TimeSpan.FromSeconds(5));
        world.Settle();
        world.Advance(5);
        Assert.Empty(log);
        Assert.Null(world.Time.NextDue);
    }

    [Fact]
    public void A_slow_actor_finds_one_tick_waiting_however_long_it_was_away()
    {
        Run((self, _) => self.Timers.StartPeriodic("k", "tick", TimeSpan.FromSeconds(1)));
        world.Time.Advance(TimeSpan.FromSeconds(100));
        world.Settle();
        Assert.Equal(["tick at 100"], log);
        world.Advance(1);
        Assert.Equal(["tick at 100", "tick at 101"], log);
    }

    [Fact]
    public void A_tick_finds_room_in_a_full_mailbox()
    {
        var actor = world.System.ActorOf(TestActor.Props((self, message) =>
        {
            if (message is "start")
            {
                self.Timers.StartSingle("k", "tick", TimeSpan.FromSeconds(1));
            }

            log.Add(message);
        }).WithMailbox(1));
        actor.Tell("start");
        world.Settle();
        actor.Tell("filler");
        world.Time.Advance(TimeSpan.FromSeconds(2));
        world.Settle();
        Assert.Equal(["start", "filler", "tick"], log);
    }

    [Fact]
    public void Receive_timeout_comes_after_each_idle_span_and_is_put_off_by_messages()
    {
        var actor = Run((self, _) => self.Context.SetReceiveTimeout(TimeSpan.FromSeconds(3)));
        world.Advance(2);
        actor.Tell("keep alive");
        world.Settle();
        world.Advance(2.9);
        Assert.Equal(["keep alive at 2"], log);
        world.Advance(3.2);
        Assert.Equal(["keep alive at 2", "ReceiveTimeout at 5", "ReceiveTimeout at 8"], log);
        actor.Tell("no timeout");
        world.Settle();
        world.Advance(100);
        Assert.Equal(3, log.Count);
        Assert.Null(world.Time.NextDue);
    }

    private IActorRef Run(Action<TestActor, object> start)
    {
        var actor = world.Start((self, message) =>
        {
            switch (message)
            {
                case "start":
                    start(self, message);
                    break;
                case "fail":
                    throw new InvalidOperationException();
                case "cancel k":
                    self.Timers.Cancel("k");
                    break;
                case "no timeout":
                    self.Context.SetReceiveTimeout(null);
                    break;
                case ReceiveTimeout:
                    log.Add($"ReceiveTimeout at {Seconds}");
                    break;
                default:
                    log.Add($"{message} at {Seconds}");
                    break;
            }
        });
        actor.Tell("start");
        world.Settle();
        return actor;
    }

    private long Seconds => world.Time.GetTimestamp() / TimeSpan.TicksPerSecond;
}
