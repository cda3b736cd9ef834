using Cluster.Engine.Actors;
using Cluster.Engine.Actors.Dispatchers;
using Cluster.Engine.Port;

namespace Cluster.Engine.Tests.Actors;

/// <summary>The end of a system, and the threads that are its own.</summary>
public sealed class TerminationTests
{
    [Fact]
    public void Children_end_before_parents_and_no_timer_is_left()
    {
        var world = new ActorWorld();
        var log = new List<object>();
        world.System.ActorOf(Tree(2, log), "top");
        world.Settle();
        Assert.NotNull(world.Time.NextDue);
        var end = world.System.TerminateAsync();
        Assert.False(end.IsCompleted);
        world.Settle();
        Assert.True(end.IsCompletedSuccessfully);
        Assert.Equal(["/user/top/child/child", "/user/top/child", "/user/top"], log);
        Assert.Null(world.Time.NextDue);
        Assert.True(world.Dispatcher.IsIdle);
    }

    [Fact]
    public void A_terminated_system_takes_no_new_actor_and_every_message_is_a_dead_letter()
    {
        var world = new ActorWorld();
        var actor = world.Recorder([]);
        world.System.TerminateAsync();
        world.System.TerminateAsync();
        world.Settle();
        actor.Tell(1);
        Assert.Equal(1, world.System.DeadLetterCount);
        Assert.Throws<InvalidOperationException>(() => world.Recorder([]));
    }

    [Fact]
    public async Task A_pinned_actor_runs_on_its_own_thread_which_ends_with_the_system()
    {
        var system = new ActorSystem("pinned", new ActorSystemOptions
        {
            Dispatchers = new Dictionary<string, IDispatcher> { ["disk"] = new PinnedDispatcher("disk-thread") },
        });
        var props = TestActor.Props((self, _) => self.Sender.Tell(Thread.CurrentThread)).WithDispatcher("disk");
        var first = await system.ActorOf(props).Ask<Thread>("thread?", TimeSpan.FromSeconds(10));
        var second = await system.ActorOf(props).Ask<Thread>("thread?", TimeSpan.FromSeconds(10));
        Assert.Equal("disk-thread", first.Name);
        Assert.Same(first, second);
        await system.TerminateAsync().WaitAsync(TimeSpan.FromSeconds(10));
        Assert.True(first.Join(TimeSpan.FromSeconds(10)));
    }

    [Fact]
    public void An_unknown_dispatcher_is_refused_with_the_names_there_are()
    {
        var world = new ActorWorld(configure: options => options with
        {
            Dispatchers = new Dictionary<string, IDispatcher> { ["disk"] = new ManualDispatcher() },
        });
        var error = Assert.Throws<ArgumentException>(() => world.System.ActorOf(TestActor.Props((_, _) => { }).WithDispatcher("dsk"), "a"));
        Assert.Contains("/user/a wants the dispatcher 'dsk', but this system has only: disk", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Actors_that_keep_each_other_busy_are_noticed()
    {
        var world = new ActorWorld();
        world.Start((self, message) => self.Self.Tell(message)).Tell(1);
        Assert.Throws<InvalidOperationException>(() => world.Dispatcher.RunUntilIdle(1000));
    }

    private static Props Tree(int depth, List<object> log) => TestActor.Props(new TestActor.Hooks
    {
        PreStart = self =>
        {
            self.Timers.StartPeriodic("t", "tick", TimeSpan.FromSeconds(1));
            self.Context.SetReceiveTimeout(TimeSpan.FromSeconds(1));
            if (depth > 0)
            {
                self.Context.ActorOf(Tree(depth - 1, log), "child");
            }
        },
        PostStop = self => log.Add(self.Self.Path.ToString()),
    });
}
