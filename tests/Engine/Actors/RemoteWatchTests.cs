using Cluster.Engine.Port;

namespace Cluster.Engine.Tests.Actors;

/// <summary>Death watch between two systems, with messages lost on the way and nodes that go.</summary>
public sealed class RemoteWatchTests
{
    private readonly RemotePair pair = new();
    private readonly List<Terminated> ends = [];

    [Fact]
    public void The_end_of_an_actor_elsewhere_is_told()
    {
        var (watched, remote) = StartWatched();
        Watch(remote);
        Stop(watched);
        Assert.Equal([new Terminated(remote, ExistenceConfirmed: true, AddressTerminated: false)], ends);
        Assert.Null(pair.Time.NextDue);
    }

    [Fact]
    public void An_actor_that_is_not_there_counts_as_ended()
    {
        Watch(pair.A.Resolve("cluster://n2@127.0.0.1:4054/user/nobody"));
        Assert.False(Assert.Single(ends).ExistenceConfirmed);
    }

    [Theory]
    [InlineData("actors.watch")]
    [InlineData("actors.terminated")]
    [InlineData("actors.watch-accepted")]
    public void A_lost_message_delays_the_news_and_does_not_lose_it(string lost)
    {
        var (watched, remote) = StartWatched();
        pair.Loses = envelope => envelope.Type == lost;
        Watch(remote);
        Stop(watched);
        pair.Loses = _ => false;
        pair.Advance(5);
        Assert.Single(ends);
    }

    [Fact]
    public void Watched_by_name_alone_the_first_life_is_meant_even_if_its_end_was_lost()
    {
        var (first, _) = StartWatched();
        Watch(pair.A.Resolve("cluster://n2@127.0.0.1:4054/user/watched"));
        pair.Loses = envelope => envelope.Type == "actors.terminated";
        Stop(first);
        StartWatched();
        pair.Loses = _ => false;
        Assert.Empty(ends);
        pair.Advance(5);
        Assert.Single(ends);
    }

    [Fact]
    public void A_node_declared_gone_ends_all_watches_of_it()
    {
        var (_, remote) = StartWatched();
        var other = pair.A.Resolve("cluster://n2@127.0.0.1:4054/user/watched");
        Watch(remote);
        Watch(other);
        pair.A.AddressTerminated(pair.B.Address!);
        pair.Settle();
        Assert.Equal(2, ends.Count);
        Assert.All(ends, end => Assert.True(end.AddressTerminated));
        Assert.Null(pair.Time.NextDue);
    }

    [Fact]
    public void A_node_that_came_back_empty_is_noticed_at_the_next_repeat()
    {
        var (_, remote) = StartWatched();
        Watch(remote);
        pair.ReplaceB();
        pair.Advance(5);
        Assert.False(Assert.Single(ends).ExistenceConfirmed);
    }

    [Fact]
    public void After_unwatch_nothing_comes()
    {
        var (watched, remote) = StartWatched();
        var watcher = Watch(remote);
        watcher.Tell("unwatch");
        pair.Settle();
        Stop(watched);
        pair.Advance(20);
        Assert.Empty(ends);
        Assert.DoesNotContain("actors.terminated", pair.Sent);
    }

    [Fact]
    public void A_watcher_that_ends_takes_its_watch_along()
    {
        var (watched, remote) = StartWatched();
        Stop(Watch(remote));
        Assert.Null(pair.Time.NextDue);
        Stop(watched);
        Assert.DoesNotContain("actors.terminated", pair.Sent);
    }

    [Fact]
    public void A_watchers_node_declared_gone_is_not_written_to()
    {
        var (watched, remote) = StartWatched();
        Watch(remote);
        pair.B.AddressTerminated(pair.A.Address!);
        Stop(watched);
        Assert.DoesNotContain("actors.terminated", pair.Sent);
    }

    private (IActorRef Watched, IActorRef Remote) StartWatched()
    {
        var watched = pair.B.ActorOf(TestActor.Props((_, _) => { }), "watched");
        return (watched, pair.A.Resolve(RemotePair.Wire(watched, pair.B)));
    }

    private IActorRef Watch(IActorRef remote)
    {
        var watcher = pair.A.ActorOf(TestActor.Props(new TestActor.Hooks
        {
            PreStart = self => self.Context.Watch(remote),
            Receive = (self, message) =>
            {
                if (message is Terminated end)
                {
                    ends.Add(end);
                }
                else
                {
                    self.Context.Unwatch(remote);
                }
            },
        }));
        pair.Settle();
        return watcher;
    }

    private void Stop(IActorRef actor)
    {
        actor.Tell(PoisonPill.Instance);
        pair.Settle();
    }
}
