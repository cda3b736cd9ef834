using Cluster.Engine.Port;

namespace Cluster.Engine.Tests.Actors;

/// <summary>Become, stash, unhandled messages, forward, and the sender.</summary>
public sealed class BehaviorTests
{
    private readonly ActorWorld world = new();
    private readonly List<object> log = [];

    [Fact]
    public void Become_replaces_and_stacked_behaviors_come_back_in_turn()
    {
        var actor = world.Start((self, message) =>
        {
            log.Add($"first {message}");
            self.BecomeStacked(second =>
            {
                log.Add($"second {second}");
                self.BecomeStacked(third =>
                {
                    log.Add($"third {third}");
                    self.UnbecomeStacked();
                    self.UnbecomeStacked();
                });
            });
        });
        Tell(actor, 1, 2, 3, 4);
        Assert.Equal(["first 1", "second 2", "third 3", "first 4"], log);
    }

    [Fact]
    public void A_restart_forgets_what_the_old_instance_became()
    {
        var actor = world.Start((self, message) =>
        {
            log.Add($"fresh {message}");
            self.Become(_ => throw new InvalidOperationException());
        });
        Tell(actor, 1, 2, 3);
        Assert.Equal(["fresh 1", "fresh 3"], log);
    }

    [Fact]
    public void Unstashed_messages_come_oldest_first_and_before_what_waits()
    {
        var open = false;
        var actor = world.Start((self, message) =>
        {
            if (message is "open")
            {
                open = true;
                self.Stash.UnstashAll();
            }
            else if (!open)
            {
                self.Stash.Stash();
            }
            else
            {
                log.Add(message);
            }
        });
        Tell(actor, 1, 2, 3, "open", 4, 5);
        Assert.Equal([1, 2, 3, 4, 5], log);
    }

    [Fact]
    public void Stashed_again_after_a_partial_unstash_the_order_still_holds()
    {
        var wanted = 1;
        var actor = world.Start((self, message) =>
        {
            if ((int)message != wanted)
            {
                self.Stash.Stash();
                return;
            }

            log.Add(message);
            wanted++;
            self.Stash.UnstashAll();
        });
        Tell(actor, 5, 3, 4, 2, 1, 6);
        Assert.Equal([1, 2, 3, 4, 5, 6], log);
    }

    [Fact]
    public void A_full_stash_fails_the_actor_and_a_restart_keeps_what_was_stashed()
    {
        var lives = 0;
        var actor = world.System.ActorOf(TestActor.Props(new TestActor.Hooks
        {
            Constructed = _ => lives++,
            Receive = (self, message) =>
            {
                if (lives == 1)
                {
                    self.Stash.Stash();
                }
                else
                {
                    log.Add(message);
                }
            },
        }).WithStashCapacity(2));
        Tell(actor, 1, 2, 3, 4);
        Assert.IsType<StashOverflowException>(Assert.Single(world.Failures).Cause);
        Assert.Equal([1, 2, 4], log);
    }

    [Fact]
    public void A_message_cannot_be_stashed_twice()
    {
        Exception? second = null;
        var actor = world.Start((self, _) =>
        {
            self.Stash.Stash();
            second = Record.Exception(self.Stash.Stash);
        });
        Tell(actor, 1);
        Assert.IsType<InvalidOperationException>(second);
    }

    [Fact]
    public void Stashed_messages_of_a_stopped_actor_are_dead_letters()
    {
        var actor = world.Start((self, _) => self.Stash.Stash());
        Tell(actor, 1, 2, PoisonPill.Instance);
        Assert.Equal(2, world.System.DeadLetterCount);
    }

    [Fact]
    public void Unhandled_messages_are_published()
    {
        world.System.EventStream.Subscribe(world.Recorder(log), typeof(UnhandledMessage));
        var actor = world.Start((self, message) => self.Unhandled(message));
        Tell(actor, 1);
        Assert.Equal(1, Assert.IsType<UnhandledMessage>(Assert.Single(log)).Message);
    }

    [Fact]
    public void Forward_keeps_the_original_sender()
    {
        var origin = world.Recorder([]);
        var end = world.Start((self, message) => log.Add(self.Sender));
        var middle = world.Start((self, message) => end.Forward(message, self.Context));
        middle.Tell(1, origin);
        world.Settle();
        Assert.Equal([origin], log);
    }

    [Fact]
    public void Without_a_sender_answers_go_to_dead_letters()
    {
        var actor = world.Start((self, message) => self.Sender.Tell(message));
        Tell(actor, 1);
        Assert.Equal(1, world.System.DeadLetterCount);
    }

    [Fact]
    public void An_actor_made_by_hand_says_how_to_make_it()
    {
        var error = Assert.Throws<InvalidOperationException>(() => new ByHand());
        Assert.Contains("ActorOf", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a/b")]
    [InlineData("")]
    [InlineData("$a")]
    [InlineData("ä")]
    [InlineData("a#1")]
    public void Bad_names_are_refused(string name) => Assert.Throws<InvalidActorNameException>(() => world.Start((_, _) => { }, name));

    [Fact]
    public void A_name_is_taken_until_its_actor_has_ended()
    {
        var actor = world.Start((_, _) => { }, "one");
        Assert.Throws<InvalidActorNameException>(() => world.Start((_, _) => { }, "one"));
        world.System.Stop(actor);
        world.Settle();
        var next = world.Start((_, _) => { }, "one");
        Assert.Equal(actor.Path, next.Path);
        Assert.NotEqual(actor, next);
    }

    private void Tell(IActorRef actor, params object[] messages)
    {
        foreach (var message in messages)
        {
            actor.Tell(message);
        }

        world.Settle();
    }

    private sealed class ByHand : Actor
    {
        protected override void Receive(object message)
        {
        }
    }
}
