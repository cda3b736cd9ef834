using Cluster.Engine.Port;

namespace Cluster.Engine.Tests.Actors;

/// <summary>What each verdict of a parent does to a failed child, its siblings and its subtree.</summary>
public sealed class SupervisionTests
{
    private readonly ActorWorld world = new();
    private readonly List<object> log = [];

    [Fact]
    public void Resume_keeps_state_and_goes_on_with_the_next_message()
    {
        var (_, child) = ParentAndChild(new OneForOneStrategy(_ => Directive.Resume));
        Send(child, 1, "fail", 2);
        Assert.Equal(["start", "1 of 1", "2 of 2"], log);
    }

    [Fact]
    public void Restart_makes_a_new_instance_behind_the_same_reference_and_keeps_the_mailbox()
    {
        var (_, child) = ParentAndChild(new OneForOneStrategy(_ => Directive.Restart));
        Send(child, 1, "fail", 2, 3);
        Assert.Equal(["start", "1 of 1", "restart for fail", "stop", "start", "2 of 1", "3 of 2"], log);
    }

    [Fact]
    public void Stop_ends_the_child_and_sends_its_mailbox_to_dead_letters()
    {
        var (_, child) = ParentAndChild(new OneForOneStrategy(_ => Directive.Stop));
        Send(child, 1, "fail", 2, 3);
        Assert.Equal(["start", "1 of 1", "stop"], log);
        Assert.Equal(2, world.System.DeadLetterCount);
    }

    [Fact]
    public void Escalate_fails_the_parent_by_the_same_cause()
    {
        var (_, child) = ParentAndChild(new OneForOneStrategy(_ => Directive.Escalate));
        Send(child, 1, "fail");
        Assert.Equal([Directive.Escalate, Directive.Restart], world.Failures.Select(failure => failure.Directive));
        Assert.Equal("/user/parent", world.Failures[1].Actor.Path.ToString());
        Assert.Same(world.Failures[0].Cause, world.Failures[1].Cause);
        Assert.Equal(["start", "1 of 1", "stop", "start"], log);
    }

    [Fact]
    public void Escalation_that_is_resumed_higher_up_lets_parent_and_child_go_on_as_they_were()
    {
        IActorRef? child = null, sibling = null;
        var parent = TestActor.Props(new TestActor.Hooks
        {
            Strategy = new OneForOneStrategy(_ => Directive.Escalate),
            PreStart = self =>
            {
                child = self.Context.ActorOf(Child(), "child");
                sibling = self.Context.ActorOf(Child(), "sibling");
            },
            Receive = (_, message) => log.Add($"parent {message}"),
        });
        var top = world.System.ActorOf(TestActor.Props(new TestActor.Hooks
        {
            Strategy = new OneForOneStrategy(_ => Directive.Resume),
            PreStart = self => self.Context.ActorOf(parent, "parent"),
        }));
        world.Settle();
        log.Clear();
        child!.Tell(1);
        child.Tell("fail");
        sibling!.Tell("fail");
        child.Tell(2);
        sibling.Tell(3);
        world.System.Resolve($"{top.Path}/parent").Tell(4);
        world.Settle();
        Assert.Equivalent(new object[] { "1 of 1", "2 of 2", "3 of 1", "parent 4" }, log);
        Assert.Equal(4, log.Count);
    }

    [Fact]
    public void A_failed_parent_holds_its_whole_subtree_until_the_verdict()
    {
        IActorRef? child = null;
        var verdictSeen = false;
        var parent = TestActor.Props(new TestActor.Hooks
        {
            PreStart = self => child = self.Context.ActorOf(TestActor.Props((_, message) => log.Add($"{message}, verdict {verdictSeen}"))),
            Receive = (_, message) =>
            {
                child!.Tell(message);
                throw new InvalidOperationException();
            },
        });
        var top = TestActor.Props(new TestActor.Hooks
        {
            Strategy = new OneForOneStrategy(_ =>
            {
                verdictSeen = true;
                return Directive.Resume;
            }),
            PreStart = self => self.Context.ActorOf(parent, "parent"),
        });
        world.System.ActorOf(top, "top");
        world.Settle();
        world.System.Resolve("/user/top/parent").Tell("late");
        world.Settle();
        Assert.Equal(["late, verdict True"], log);
    }

    [Fact]
    public void All_for_one_restarts_the_siblings_too()
    {
        IActorRef? first = null;
        world.System.ActorOf(TestActor.Props(new TestActor.Hooks
        {
            Strategy = new AllForOneStrategy(_ => Directive.Restart),
            PreStart = self =>
            {
                first = self.Context.ActorOf(Child("a "));
                self.Context.ActorOf(Child("b "));
            },
        }));
        world.Settle();
        log.Clear();
        Send(first!, "fail", 1);
        Assert.Equivalent(new object[] { "a restart for fail", "a stop", "a start", "b restart for ", "b stop", "b start", "a 1 of 1" }, log);
        Assert.Equal(7, log.Count);
    }

    [Fact]
    public void All_for_one_stops_the_siblings_too()
    {
        IActorRef? first = null;
        world.System.ActorOf(TestActor.Props(new TestActor.Hooks
        {
            Strategy = new AllForOneStrategy(_ => Directive.Stop),
            PreStart = self =>
            {
                first = self.Context.ActorOf(Child("a "));
                self.Context.ActorOf(Child("b "));
            },
        }));
        world.Settle();
        log.Clear();
        Send(first!, "fail");
        Assert.Equal(["a stop", "b stop"], log);
    }

    [Fact]
    public void More_restarts_than_granted_in_the_window_stop_the_child()
    {
        var (_, child) = ParentAndChild(new OneForOneStrategy(2, TimeSpan.FromSeconds(10)));
        Send(child, "fail", "fail", "fail", 1);
        Assert.Equal([Directive.Restart, Directive.Restart, Directive.Stop], world.Failures.Select(failure => failure.Directive));
    }

    [Fact]
    public void A_new_window_grants_new_restarts()
    {
        var (_, child) = ParentAndChild(new OneForOneStrategy(2, TimeSpan.FromSeconds(10)));
        Send(child, "fail", "fail");
        world.Advance(10.1);
        Send(child, "fail", "fail", 1);
        Assert.Equal("1 of 1", log[^1]);
    }

    [Fact]
    public void A_failing_constructor_stops_the_actor()
    {
        var actor = world.System.ActorOf(TestActor.Props(new TestActor.Hooks { Constructed = _ => throw new InvalidOperationException("no") }));
        world.Settle();
        Send(actor, 1);
        var failure = Assert.Single(world.Failures);
        Assert.Equal(Directive.Stop, failure.Directive);
        Assert.IsType<ActorInitializationException>(failure.Cause);
        Assert.Equal(1, world.System.DeadLetterCount);
    }

    [Fact]
    public void A_failing_start_may_be_restarted_until_it_succeeds()
    {
        var attempts = 0;
        var child = TestActor.Props(new TestActor.Hooks
        {
            PreStart = self =>
            {
                self.Context.ActorOf(Child("orphan "), "orphan");
                if (++attempts < 3)
                {
                    throw new InvalidOperationException("not yet");
                }
            },
            Receive = (_, message) => log.Add($"got {message}"),
        });
        var parent = world.System.ActorOf(TestActor.Props(new TestActor.Hooks
        {
            Strategy = new OneForOneStrategy(_ => Directive.Restart),
            PreStart = self => self.Context.ActorOf(child, "child"),
        }));
        world.Settle();
        world.System.Resolve($"{parent.Path}/child").Tell(1);
        world.Settle();
        Assert.Equal(3, attempts);
        Assert.Equal("got 1", log[^1]);
        Assert.Equal(2, log.Count(entry => entry.Equals("orphan stop")));
    }

    [Fact]
    public void A_constructor_that_fails_on_restart_stops_the_actor()
    {
        var attempts = 0;
        var actor = world.System.ActorOf(TestActor.Props(new TestActor.Hooks
        {
            Constructed = _ =>
            {
                if (++attempts > 1)
                {
                    throw new InvalidOperationException("not again");
                }
            },
            Receive = (_, _) => throw new InvalidOperationException("once"),
        }));
        Send(actor, 1, 2);
        Assert.Equal([Directive.Restart, Directive.Stop], world.Failures.Select(failure => failure.Directive));
        Assert.Equal(2, attempts);
    }

    [Fact]
    public void Children_that_a_restart_keeps_are_restarted_with_their_parent()
    {
        IActorRef? child = null;
        var parent = world.System.ActorOf(TestActor.Props(new TestActor.Hooks
        {
            KeepsChildren = true,
            PreStart = self => child ??= self.Context.ActorOf(Child(), "kept"),
            Receive = (_, _) => throw new InvalidOperationException(),
        }));
        world.Settle();
        Send(child!, 1);
        Send(parent, "fail");
        Send(child!, 2);
        Assert.Equal(["start", "1 of 1", "restart for ", "stop", "start", "2 of 1"], log);
    }

    [Fact]
    public void A_restart_waits_until_the_old_children_have_ended_so_their_names_are_free()
    {
        var starts = 0;
        var parent = world.System.ActorOf(TestActor.Props(new TestActor.Hooks
        {
            PreStart = self =>
            {
                starts++;
                self.Context.ActorOf(Child(), "same-name");
            },
            Receive = (_, _) => throw new InvalidOperationException(),
        }));
        Send(parent, "fail");
        Assert.Equal(2, starts);
        Assert.Single(world.Failures);
        Assert.Equal(["start", "stop", "start"], log);
    }

    [Fact]
    public void Kill_stops_by_default_and_poison_pill_after_what_was_sent_before()
    {
        var killed = world.System.ActorOf(Child("k "));
        var poisoned = world.System.ActorOf(Child("p "));
        Send(killed, Kill.Instance, 1);
        Send(poisoned, 1, PoisonPill.Instance, 2);
        Assert.Equal(["k start", "p start", "k stop", "p 1 of 1", "p stop"], log);
        Assert.Equal(2, world.System.DeadLetterCount);
    }

    [Fact]
    public void A_decider_that_throws_fails_the_parent()
    {
        var (parent, child) = ParentAndChild(new OneForOneStrategy(_ => throw new NotSupportedException("undecided")));
        Send(child, "fail");
        Assert.IsType<NotSupportedException>(Assert.Single(world.Failures).Cause);
        Assert.Equal(parent, world.Failures[0].Actor);
    }

    private (IActorRef Parent, IActorRef Child) ParentAndChild(SupervisorStrategy strategy)
    {
        IActorRef? child = null;
        var parent = world.System.ActorOf(
            TestActor.Props(new TestActor.Hooks { PreStart = self => child = self.Context.ActorOf(Child(), "child"), Strategy = strategy }), "parent");
        world.Settle();
        return (parent, child!);
    }

    private Props Child(string prefix = "") => TestActor.Props(new TestActor.Hooks
    {
        PreStart = _ => log.Add(prefix + "start"),
        PostStop = _ => log.Add(prefix + "stop"),
        PreRestart = (_, _, message) => log.Add($"{prefix}restart for {message}"),
        Receive = (self, message) =>
        {
            if (message is "fail")
            {
                throw new InvalidOperationException("as asked");
            }

            log.Add($"{prefix}{message} of {++self.Counter}");
        },
    });

    private void Send(IActorRef actor, params object[] messages)
    {
        foreach (var message in messages)
        {
            actor.Tell(message);
        }

        world.Settle();
    }
}
