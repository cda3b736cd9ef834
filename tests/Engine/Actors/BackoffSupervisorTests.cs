using Cluster.Engine.Port;

namespace Cluster.Engine.Tests.Actors;

/// <summary>The pauses between a child's lives, under virtual time.</summary>
public sealed class BackoffSupervisorTests
{
    private readonly ActorWorld world = new();
    private readonly List<double> startedAt = [];
    private readonly List<object> received = [];

    [Fact]
    public void Pauses_double_up_to_the_maximum()
    {
        Start(randomFactor: 0, TestActor.Props(new TestActor.Hooks
        {
            PreStart = self =>
            {
                startedAt.Add(Seconds);
                throw new InvalidOperationException();
            },
        }));
        world.Advance(30);
        Assert.Equal([0, 1, 3, 7, 15, 23], startedAt);
    }

    [Fact]
    public void A_random_share_stretches_each_pause_and_a_seed_repeats_it()
    {
        var first = Pauses(seed: 7);
        Assert.Equal(first, Pauses(seed: 7));
        Assert.NotEqual(first, Pauses(seed: 8));
        Assert.InRange(first[1] - first[0], 1.0, 1.5);
        Assert.InRange(first[2] - first[1], 2.0, 3.0);

        static List<double> Pauses(int seed)
        {
            var world = new ActorWorld(seed);
            var started = new List<double>();
            var child = TestActor.Props(new TestActor.Hooks
            {
                PreStart = self =>
                {
                    started.Add(TimeSpan.FromTicks(world.Time.GetTimestamp()).TotalSeconds);
                    throw new InvalidOperationException();
                },
            });
            world.System.ActorOf(BackoffSupervisor.Props(child, "child", TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(8), 0.5));
            world.Advance(10);
            return started;
        }
    }

    [Fact]
    public void A_long_life_starts_the_row_anew()
    {
        var supervisor = Start(randomFactor: 0, Failing());
        Fail(supervisor);
        world.Advance(1);
        Fail(supervisor);
        world.Advance(2);
        Assert.Equal([0, 1, 3], startedAt);
        world.Advance(10);
        Fail(supervisor);
        world.Advance(1);
        Assert.Equal([0, 1, 3, 14], startedAt);
    }

    [Fact]
    public void Messages_pass_through_and_are_dead_letters_during_a_pause()
    {
        var supervisor = Start(randomFactor: 0, Failing());
        supervisor.Tell("before");
        Fail(supervisor);
        supervisor.Tell("lost");
        world.Settle();
        world.Advance(1);
        supervisor.Tell("after");
        world.Settle();
        Assert.Equal(["before", "after"], received);
        Assert.Equal(1, world.System.DeadLetterCount);
    }

    private double Seconds => TimeSpan.FromTicks(world.Time.GetTimestamp()).TotalSeconds;

    private IActorRef Start(double randomFactor, Props child)
    {
        var supervisor = world.System.ActorOf(BackoffSupervisor.Props(child, "child", TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(8), randomFactor));
        world.Settle();
        return supervisor;
    }

    private Props Failing() => TestActor.Props(new TestActor.Hooks
    {
        PreStart = _ => startedAt.Add(Seconds),
        Receive = (_, message) =>
        {
            if (message is "fail")
            {
                throw new InvalidOperationException();
            }

            received.Add(message);
        },
    });

    private void Fail(IActorRef supervisor)
    {
        supervisor.Tell("fail");
        world.Settle();
    }
}
