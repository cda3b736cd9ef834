using Cluster.Engine.Port;

namespace Cluster.Engine.Tests.Actors;

/// <summary>Who watches learns of each end once, and in order.</summary>
public sealed class DeathWatchTests
{
    private readonly ActorWorld world = new();
    private readonly List<object> log = [];

    [Fact]
    public void A_watcher_learns_of_an_end_once()
    {
        var watched = world.Recorder([]);
        var watcher = Watcher();
        Tell(watcher, watched, watched);
        Tell(watched, PoisonPill.Instance, PoisonPill.Instance);
        Assert.Equal([new Terminated(watched, ExistenceConfirmed: true, AddressTerminated: false)], log);
    }

    [Fact]
    public void Watching_a_dead_actor_tells_at_once()
    {
        var watched = world.Recorder([]);
        Tell(watched, PoisonPill.Instance);
        Tell(Watcher(), watched);
        Assert.Equal([new Terminated(watched, ExistenceConfirmed: true, AddressTerminated: false)], log);
    }

    [Fact]
    public void Watching_a_path_without_an_actor_tells_that_none_was_found()
    {
        var nobody = world.System.Resolve("/user/nobody");
        Tell(Watcher(), nobody);
        Assert.Equal([new Terminated(nobody, ExistenceConfirmed: false, AddressTerminated: false)], log);
    }

    [Fact]
    public void A_later_life_of_the_name_is_another_actor()
    {
        var first = world.Start((_, _) => { }, "name");
        var firstUid = first.Path.ToSerializationFormat(null);
        Tell(first, PoisonPill.Instance);
        var second = world.Start((_, _) => { }, "name");
        Assert.Equal(second, world.System.Resolve("/user/name"));
        Tell(Watcher(), world.System.Resolve(firstUid));
        Assert.False(Assert.IsType<Terminated>(Assert.Single(log)).ExistenceConfirmed);
    }

    [Fact]
    public void A_restart_is_no_end()
    {
        var watched = world.Start((_, _) => throw new InvalidOperationException());
        Tell(Watcher(), watched);
        Tell(watched, 1);
        Assert.Empty(log);
    }

    [Fact]
    public void Unwatch_holds_back_even_an_end_that_already_waits_in_the_mailbox()
    {
        var watched = world.Recorder([]);
        var inHand = new List<object>();
        var watcher = world.Start((self, message) =>
        {
            inHand.Add(message);
            switch (message)
            {
                case IActorRef actor:
                    self.Context.Watch(actor);
                    break;
                case "unwatch":
                    self.Context.Unwatch(watched);
                    break;
                default:
                    break;
            }
        });
        Tell(watcher, watched);
        watched.Tell(PoisonPill.Instance);
        watcher.Tell("unwatch");
        world.Settle();
        Assert.Equal([watched, "unwatch"], inHand);
    }

    [Fact]
    public void The_end_comes_after_all_that_the_dead_actor_sent()
    {
        var watcher = Watcher(keepsAll: true);
        var watched = world.Start((self, message) =>
        {
            for (var i = 0; i < 300; i++)
            {
                watcher.Tell(i);
            }

            self.Context.Stop(self.Self);
        });
        Tell(watcher, watched);
        Tell(watched, "go");
        Assert.Equal(301, log.Count);
        Assert.IsType<Terminated>(log[^1]);
    }

    [Fact]
    public void Who_does_not_handle_an_end_dies_of_it()
    {
        var watched = world.Recorder([]);
        var watcher = world.Start((self, message) =>
        {
            if (message is IActorRef actor)
            {
                self.Context.Watch(actor);
            }
            else
            {
                self.Unhandled(message);
            }
        });
        Tell(watcher, watched);
        Tell(watched, PoisonPill.Instance);
        Assert.IsType<DeathPactException>(Assert.Single(world.Failures).Cause);
        Assert.Equal(Directive.Stop, world.Failures[0].Directive);
    }

    [Fact]
    public void An_end_can_be_stashed()
    {
        var watched = world.Recorder([]);
        var open = false;
        var watcher = world.Start((self, message) =>
        {
            switch (message)
            {
                case IActorRef actor:
                    self.Context.Watch(actor);
                    break;
                case "open":
                    open = true;
                    self.Stash.UnstashAll();
                    break;
                case var _ when open:
                    log.Add(message);
                    break;
                default:
                    self.Stash.Stash();
                    break;
            }
        });
        Tell(watcher, watched);
        Tell(watched, PoisonPill.Instance);
        Tell(watcher, "open");
        Assert.IsType<Terminated>(Assert.Single(log));
    }

    [Fact]
    public void An_end_finds_room_in_a_full_mailbox()
    {
        var watched = world.Recorder([]);
        var watcher = world.System.ActorOf(TestActor.Props(WatchOrLog(keepsAll: false)).WithMailbox(1));
        Tell(watcher, watched);
        watched.Tell(PoisonPill.Instance);
        watcher.Tell("filler");
        world.Settle();
        Assert.IsType<Terminated>(Assert.Single(log));
    }

    private IActorRef Watcher(bool keepsAll = false) => world.Start(WatchOrLog(keepsAll));

    private Action<TestActor, object> WatchOrLog(bool keepsAll) => (self, message) =>
    {
        if (message is IActorRef actor)
        {
            self.Context.Watch(actor);
        }
        else if (keepsAll || message is Terminated)
        {
            log.Add(message);
        }
    };

    private void Tell(IActorRef actor, params object[] messages)
    {
        foreach (var message in messages)
        {
            actor.Tell(message);
        }

        world.Settle();
    }
}
