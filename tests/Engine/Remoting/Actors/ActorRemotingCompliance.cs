using System.Collections.Concurrent;
using Cluster.Engine.Actors;
using Cluster.Engine.Actors.Dispatchers;
using Cluster.Engine.Actors.Remote;
using Cluster.Engine.Port;
using Cluster.Engine.Remoting;
using Cluster.Engine.Remoting.Actors;
using Cluster.Engine.Remoting.Faults;
using Cluster.Engine.Tests.Actors;
using Cluster.Shared.Http;
using Cluster.Shared.Ids;
using Cluster.Shared.Wire;

namespace Cluster.Engine.Tests.Remoting.Actors;

/// <summary>Actors of two nodes over a real transport: tells, asks, death watch, and what a lost link does and does not mean.</summary>
public abstract class ActorRemotingCompliance
{
    [Fact]
    public async Task A_tell_reaches_an_actor_on_another_node_in_order_and_its_answer_comes_back()
    {
        await using var world = NewWorld();
        var (one, two) = (await StartAsync(world, "n1"), await StartAsync(world, "n2"));
        var answers = new ConcurrentQueue<object>();
        two.System.ActorOf(TestActor.Props((self, message) => self.Sender.Tell(message)), "echo");
        var asker = one.System.ActorOf(TestActor.Props((_, message) => answers.Enqueue(message)), "asker");
        var echo = one.System.Resolve(two.PathOf("echo"));
        for (var i = 0; i < 200; i++)
        {
            echo.Tell(new Hello { Dial = (uint)i }, asker);
        }

        await world.UntilAsync(() => answers.Count == 200, "all answers are back");
        Assert.Equal(Enumerable.Range(0, 200), answers.Cast<Hello>().Select(hello => (int)hello.Dial));
    }

    [Fact]
    public async Task An_ask_is_answered_across_nodes()
    {
        await using var world = NewWorld();
        var (one, two) = (await StartAsync(world, "n1"), await StartAsync(world, "n2"));
        two.System.ActorOf(TestActor.Props((self, message) => self.Sender.Tell(new Hello { Name = ((Hello)message).Name + "!" })), "shout");
        var asked = one.System.Resolve(two.PathOf("shout")).Ask<Hello>(new Hello { Name = "hi" }, TimeSpan.FromSeconds(5));
        await world.UntilAsync(() => asked.IsCompleted, "the answer is here");
        Assert.Equal("hi!", (await asked).Name);
    }

    [Fact]
    public async Task The_end_of_an_actor_on_another_node_is_told_over_the_link()
    {
        await using var world = NewWorld();
        var (one, two) = (await StartAsync(world, "n1"), await StartAsync(world, "n2"));
        var watched = two.System.ActorOf(TestActor.Props((_, _) => { }), "watched");
        var ends = await WatchAsync(world, one, two, "watched");
        watched.Tell(PoisonPill.Instance);
        await world.UntilAsync(() => !ends.IsEmpty, "its end is told");
        Assert.True(Assert.Single(ends).ExistenceConfirmed);
    }

    [Fact]
    public async Task A_lost_link_is_no_death_but_membership_s_word_is()
    {
        await using var world = NewWorld();
        var (one, two) = (await StartAsync(world, "n1"), await StartAsync(world, "n2"));
        two.System.ActorOf(TestActor.Props((_, _) => { }), "watched");
        var ends = await WatchAsync(world, one, two, "watched");
        await world.KillAsync(two.Node);
        await world.UntilAsync(() => one.Node.Events.OfType<LinkDown>().Any(), "the link is down");
        await world.PassAsync(TimeSpan.FromMilliseconds(100));
        Assert.Empty(ends);
        one.System.AddressTerminated(two.System.Address!);
        await world.UntilAsync(() => !ends.IsEmpty, "the watcher is told");
        Assert.True(Assert.Single(ends).AddressTerminated);
    }

    [Fact]
    public async Task Actors_of_a_life_that_is_over_are_found_out_when_the_next_one_links()
    {
        await using var world = NewWorld();
        var (one, two) = (await StartAsync(world, "n1"), await StartAsync(world, "n2"));
        two.System.ActorOf(TestActor.Props((_, _) => { }), "watched");
        var ends = await WatchAsync(world, one, two, "watched");
        await world.KillAsync(two.Node);
        var again = await StartAsync(world, "n2", incarnation: 2, at: two.Node.Address);
        again.System.ActorOf(TestActor.Props((_, _) => { }), "watched");
        var repeat = TimeSpan.FromSeconds(4);
        var started = world.Clock.GetTimestamp();
        await world.UntilAsync(() => !ends.IsEmpty, "the watcher of the older life is told");
        Assert.True(world.Clock.GetElapsedTime(started) < repeat, "sooner than watches are repeated");
        Assert.False(Assert.Single(ends).ExistenceConfirmed);
    }

    [Fact]
    public async Task An_end_behind_a_cut_is_told_once_watches_are_repeated_after_it_is_healed()
    {
        await using var world = NewWorld();
        var repeat = TimeSpan.FromMilliseconds(100);
        var (one, two) = (await StartAsync(world, "n1", watchRepeat: repeat), await StartAsync(world, "n2"));
        var watched = two.System.ActorOf(TestActor.Props((_, _) => { }), "watched");
        var ends = await WatchAsync(world, one, two, "watched");
        two.Node.Transport.Faults.Set([new LinkFaultView("n1", Cut: true)]);
        watched.Tell(PoisonPill.Instance);
        await world.UntilAsync(() => two.Node.Transport.Faults.Count(FaultKind.Cut) > 0, "the news is lost in the cut");
        Assert.Empty(ends);
        two.Node.Transport.Faults.Set([]);
        await world.UntilAsync(() => !ends.IsEmpty, "its end is told");
        Assert.False(Assert.Single(ends).AddressTerminated);
    }

    [Fact]
    public async Task A_message_that_the_link_does_not_take_is_a_dead_letter_with_the_reason()
    {
        await using var world = NewWorld();
        var (one, two) = (await StartAsync(world, "n1"), await StartAsync(world, "n2"));
        await world.LinkAsync(one.Node, two.Node);
        var letters = new ConcurrentQueue<DeadLetter>();
        var office = one.System.ActorOf(TestActor.Props((_, message) => letters.Enqueue((DeadLetter)message)));
        one.System.EventStream.Subscribe(office, typeof(DeadLetter));
        one.Node.Transport.Faults.Set([new LinkFaultView("n2", Cut: true)]);
        one.System.Resolve(two.PathOf("echo")).Tell(new Hello());
        await world.UntilAsync(() => !letters.IsEmpty, "the dead letter is there");
        Assert.Contains("n2@" + two.Node.Address, letters.First().Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_message_for_a_node_whose_address_another_one_has_taken_does_not_reach_the_wrong_one()
    {
        await using var world = NewWorld();
        var (one, two) = (await StartAsync(world, "n1"), await StartAsync(world, "n2"));
        var arrived = 0;
        two.System.ActorOf(TestActor.Props((_, _) => arrived++), "echo");
        await world.LinkAsync(one.Node, two.Node);
        one.System.Resolve($"cluster://n7@{two.Node.Address}/user/echo").Tell(new Hello());
        one.System.Resolve(two.PathOf("echo")).Tell(new Hello());
        await world.UntilAsync(() => arrived == 1, "the right one has arrived");
        Assert.Equal(1, one.System.DeadLetterCount);
    }

    protected abstract TransportWorld NewWorld();

    private static async Task<ConcurrentQueue<Terminated>> WatchAsync(TransportWorld world, Host one, Host two, string name)
    {
        var ends = new ConcurrentQueue<Terminated>();
        var accepted = two.Node.Count;
        one.System.ActorOf(TestActor.Props(new TestActor.Hooks
        {
            PreStart = self => self.Context.Watch(one.System.Resolve(two.PathOf(name))),
            Receive = (_, message) => ends.Enqueue((Terminated)message),
        }));
        // The watch has been accepted once an envelope has gone each way.
        await world.UntilAsync(() => one.Node.IsLinkedTo(two.Node.Address) && one.Node.LinkTo(two.Node.Address).FramesReceived > 0, "the watch is accepted");
        await world.PassAsync(TimeSpan.FromMilliseconds(20));
        return ends;
    }

    private static async Task<Host> StartAsync(TransportWorld world, string name, ulong incarnation = 1, NodeAddress? at = null, TimeSpan? watchRepeat = null)
    {
        ActorSystem? system = null;
        var node = await world.AddAsync(new TransportWorld.NodeSetup(name)
        {
            Incarnation = incarnation,
            At = at,
            Deaf = [Channel.Actor],
            Wire = transport =>
            {
                var remoting = new ActorRemoting(transport, NodeName.Parse(name), new MessageRegistry().Register("test.hello", 1, Hello.Parser));
                var loopback = world as LoopbackWorld;
                system = new ActorSystem(name, new ActorSystemOptions
                {
                    Time = world.Clock,
                    Dispatcher = loopback is null ? ThreadPoolDispatcher.Instance : loopback.Dispatcher,
                    Random = new Random((int)incarnation),
                    Address = remoting.Address,
                    RemoteSink = remoting.Sink,
                    WatchRepeatInterval = watchRepeat ?? new ActorSystemOptions().WatchRepeatInterval,
                });
                remoting.Attach(system);
            },
        });
        return new Host(node, system!);
    }

    private sealed record Host(TestNode Node, ActorSystem System)
    {
        public string PathOf(string actor) => $"cluster://{System.Address}/user/{actor}";
    }
}
