using Cluster.Engine.Actors;
using Cluster.Engine.Port;

namespace Cluster.Engine.Tests.Actors;

/// <summary>When an actor that gathers work is told that its batch has ended.</summary>
public sealed class BatchActorTests
{
    private readonly ActorWorld world = new();
    private readonly List<string> log = [];

    [Fact]
    public void A_batch_ends_at_the_throughput_bound_and_before_the_actor_goes_idle()
    {
        var actor = Start(throughput: 3);
        Tell(actor, "1", "2", "3", "4", "5");
        Assert.Equal(["1", "2", "3", "|", "4", "5", "|"], log);
    }

    [Fact]
    public void What_the_start_hook_gathered_is_a_batch()
    {
        Start(throughput: 3, log.Clear);
        Assert.Equal(["|"], log);
    }

    [Fact]
    public void A_stop_ends_the_batch_first()
    {
        var actor = Start(throughput: 10);
        Tell(actor, "1", "2", PoisonPill.Instance, "3");
        Assert.Equal(["1", "2", "|", "stop"], log);
    }

    [Fact]
    public void A_resumed_actor_ends_the_batch_that_its_failure_cut()
    {
        var actor = Start(throughput: 10, strategy: new OneForOneStrategy(_ => Directive.Resume));
        Tell(actor, "1", "fail");
        Assert.Equal(["1", "|"], log);
    }

    [Fact]
    public void A_restarted_actor_does_not_see_the_batch_of_the_old_instance()
    {
        var actor = Start(throughput: 10, strategy: new OneForOneStrategy(_ => Directive.Restart));
        Tell(actor, "1", "fail", "2");
        Assert.Equal(["1", "stop", "2", "|"], log);
    }

    [Fact]
    public void A_failure_at_the_batch_end_is_a_failure_of_the_actor()
    {
        var actor = Start(throughput: 10, strategy: new OneForOneStrategy(_ => Directive.Stop));
        Tell(actor, "fail at end");
        Assert.Equal(["stop"], log);
        Assert.Single(world.Failures);
    }

    private IActorRef Start(int throughput, Action? beforeStart = null, SupervisorStrategy? strategy = null)
    {
        IActorRef? batcher = null;
        beforeStart?.Invoke();
        world.System.ActorOf(TestActor.Props(new TestActor.Hooks
        {
            Strategy = strategy,
            PreStart = self => batcher = self.Context.ActorOf(Props.Create(() => new Batcher(log)).WithThroughput(throughput)),
        }));
        world.Settle();
        if (beforeStart is null)
        {
            log.Clear();
        }

        return batcher!;
    }

    private void Tell(IActorRef actor, params object[] messages)
    {
        foreach (var message in messages)
        {
            actor.Tell(message);
        }

        world.Settle();
    }

    private sealed class Batcher(List<string> log) : Actor, IBatchActor
    {
        private bool failsAtEnd;

        public void OnBatchEnd()
        {
            if (failsAtEnd)
            {
                throw new InvalidOperationException();
            }

            log.Add("|");
        }

        protected override void Receive(object message)
        {
            if (message is "fail")
            {
                throw new InvalidOperationException();
            }

            failsAtEnd = message is "fail at end";
            if (!failsAtEnd)
            {
                log.Add((string)message);
            }
        }

        protected override void PostStop() => log.Add("stop");
    }
}
