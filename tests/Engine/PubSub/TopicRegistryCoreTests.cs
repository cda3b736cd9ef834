using Cluster.Engine.Port;
using Cluster.Engine.PubSub;
using Cluster.Shared.Ids;
using Cluster.Shared.Wire;
using Google.Protobuf;

namespace Cluster.Engine.Tests.PubSub;

public class TopicRegistryCoreTests
{
    private static readonly NodeId One = new(1);
    private static readonly NodeId Two = new(2);
    private static readonly NodeId Three = new(3);
    private static readonly TopicFilter News = TopicFilter.Topic("news");

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 300)];

    [Fact]
    public void A_change_is_told_to_all_at_once()
    {
        var world = new RegistryWorld(1, 3);
        world.Deliver();
        world.Set(One, News, 2);
        Assert.Equal(2, world.FramesWaiting);
        world.Deliver();
        Assert.True(world.HasConverged());
        Assert.Equal(2, world.RoutesTo(One, at: Three)[News]);
        world.Set(One, News, 0);
        world.Deliver();
        Assert.Empty(world.RoutesTo(One, at: Three));
    }

    [Fact]
    public void What_was_lost_is_learned_from_any_node_that_knows_it()
    {
        var world = new RegistryWorld(1, 3);
        world.Deliver();
        world.Set(One, News, 1);
        world.Deliver();
        world.Nodes[Three].Routes.Clear();
        var late = new NodeId(4);
        world.Nodes.Add(late, new RegistryWorld.Node(new Incarnation(1), new PubSubOptions()));
        world.Meet(Two);
        world.Deliver(loss: 1);
        world.Meet(late);
        world.Deliver(loss: 1); // The first comparisons are lost, with all.
        Assert.Empty(world.RoutesTo(One, at: late));
        world.Gossip(late, with: Two);
        world.Deliver();
        Assert.Equal(1, world.RoutesTo(One, at: late)[News]);
        world.Gossip(Three, with: late); // By now that one knows it, too.
        world.Deliver();
        Assert.Equal(1, world.Nodes[Three].Core.Find(One)!.Count);
    }

    [Fact]
    public void A_copy_that_passes_the_bound_between_two_pieces_takes_the_removals_that_bring_it_back()
    {
        var world = new RegistryWorld(1, 2, new PubSubOptions { MaxTopics = 2, MaxPatterns = 1 });
        world.Deliver();
        var two = world.Nodes[Two].Core;
        Assert.NotEmpty(two.Receive(One, new TopicDelta { Owner = 1, Incarnation = 1, To = 3, Newest = 3, Interests = { Interest("a", 1, 1), Interest("b", 1, 2), Interest("c", 1, 3) } }, default));

        // Its node has since ended a, begun d, ended b and begun a again: the lines of a that were are no more.
        Assert.NotEmpty(two.Receive(One, new TopicDelta { Owner = 1, Incarnation = 1, From = 3, To = 5, Newest = 7, More = true, Interests = { Interest("d", 1, 5) } }, default));
        Assert.Equal(4, two.Find(One)!.Count);
        two.Receive(One, new TopicDelta { Owner = 1, Incarnation = 1, From = 5, To = 7, Newest = 7, Interests = { Interest("b", 0, 6), Interest("a", 1, 7) } }, default);

        Assert.Equal((3, 7UL), (two.Find(One)!.Count, two.Find(One)!.Version));
    }

    [Fact]
    public void A_copy_grows_to_twice_the_bound_at_most()
    {
        var world = new RegistryWorld(1, 2, new PubSubOptions { MaxTopics = 2, MaxPatterns = 1 });
        world.Deliver();
        var two = world.Nodes[Two].Core;
        for (var version = 1UL; version < 20; version++)
        {
            two.Receive(One, new TopicDelta { Owner = 1, Incarnation = 1, From = version - 1, To = version, Newest = version, Interests = { Interest($"t{version}", 1, version) } }, default);
        }

        Assert.Equal(6, two.Find(One)!.Count);
    }

    [Fact]
    public void The_bucket_of_a_former_life_goes_and_does_not_come_back()
    {
        var world = new RegistryWorld(1, 3);
        world.Deliver();
        world.Set(One, News, 1);
        world.Deliver();
        world.Restart(One);
        world.Meet(Two);
        world.Deliver();
        Assert.Empty(world.RoutesTo(One, at: Two));
        Assert.Empty(world.RoutesTo(One, at: Three)); // It has not heard of the decision, but of the new life.
        var old = new TopicDelta { Owner = 1, Incarnation = 1, From = 0, To = 1, Newest = 1, Interests = { Interest("news", 1, 1) } };
        Assert.Empty(world.Nodes[Two].Core.Receive(Three, old, default).OfType<RouteChanged>());
        Assert.Empty(world.Nodes[Three].Core.Receive(Two, old, default).OfType<RouteChanged>());
    }

    [Fact]
    public void The_bucket_of_a_node_that_is_no_member_goes_and_is_not_taken()
    {
        var world = new RegistryWorld(1, 3);
        world.Deliver();
        world.Set(One, News, 1);
        world.Deliver();
        world.Remove(One);
        Assert.Empty(world.RoutesTo(One, at: Two));
        Assert.Null(world.Nodes[Two].Core.Find(One));
        Assert.Empty(world.Nodes[Two].Core.Receive(Three, new TopicDelta { Owner = 1, Incarnation = 1, To = 1, Interests = { Interest("news", 1, 1) } }, default));
        Assert.Empty(world.Nodes[Two].Core.Receive(One, new TopicStatus()));
    }

    [Fact]
    public void Who_was_away_longer_than_removals_are_remembered_gets_the_whole_in_pieces()
    {
        var world = new RegistryWorld(1, 2, new PubSubOptions { DeltaBytes = 100 });
        world.Deliver();
        for (var i = 0; i < 50; i++)
        {
            world.Set(One, TopicFilter.Topic($"topic {i}"), 1);
        }

        world.Deliver();
        Assert.True(world.HasConverged());
        for (var i = 0; i < 50; i += 2)
        {
            world.Set(One, TopicFilter.Topic($"topic {i}"), 0);
        }

        world.Set(One, TopicFilter.Topic("new"), 1);
        world.Deliver(loss: 1);
        world.Pass(TimeSpan.FromSeconds(121));
        world.Gossip(Two);
        world.Deliver();
        Assert.True(world.HasConverged());
        Assert.Equal(26, world.RoutesTo(One, at: Two).Count);
    }

    [Fact]
    public void Removals_are_remembered_up_to_a_number_and_who_missed_more_gets_the_whole()
    {
        const int Most = 50;
        var world = new RegistryWorld(1, 3, new PubSubOptions { MaxRemovals = Most });
        world.Deliver();
        world.Set(One, News, 1);
        world.Set(One, TopicFilter.Topic("missed"), 1);
        world.Deliver();
        world.Set(One, TopicFilter.Topic("missed"), 0);
        world.Deliver(loss: 1);
        for (var i = 0; i < 1_000; i++)
        {
            world.Set(One, TopicFilter.Topic($"topic {i}"), 1);
            world.Set(One, TopicFilter.Topic($"topic {i}"), 0);
            world.Deliver(loss: i % 10 == 0 ? 1 : 0);
            Assert.InRange(world.Nodes[Two].Core.Find(One)!.Lines, 1, Most + 4);
        }

        world.Gossip(Two, with: One);
        world.Gossip(Three, with: One);
        world.Deliver();
        Assert.True(world.HasConverged());
        Assert.Equal([News], world.RoutesTo(One, at: Two).Keys);
    }

    [Fact]
    public void What_is_out_of_bounds_or_out_of_order_changes_nothing()
    {
        var world = new RegistryWorld(1, 2);
        var core = world.Nodes[Two].Core;
        TopicDelta[] hostile =
        [
            new() { Owner = 1, Incarnation = 1, To = 1, Interests = { Interest(new string('x', 2_000), 1, 1) } },
            new() { Owner = 1, Incarnation = 1, To = 1, Interests = { Interest("x", 1, 2) } },
            new() { Owner = 1, Incarnation = 1, To = 2, Interests = { Interest("x", 1, 2), Interest("y", 1, 1) } },
            new() { Owner = 1, Incarnation = 1, To = 2, Interests = { Interest("x", 1, 1), Interest("y", 1, 1) } },
            new() { Owner = 1, Incarnation = 1, To = 1, Interests = { Interest("x", uint.MaxValue, 1) } },
            new() { Owner = 1, Incarnation = 1, To = 1, Interests = { new TopicInterest { Kind = 7, Subscribers = 1, Version = 1 } } },
            new() { Owner = 1, Incarnation = 1, To = 1, Interests = { new TopicInterest { Kind = 1, Name = ByteString.CopyFromUtf8("[never"), Subscribers = 1, Version = 1 } } },
            new() { Owner = 1, Incarnation = 1, From = 5, To = 4 },
            new() { Owner = 1, Incarnation = 1, From = 1, To = 4, Whole = true },
            new() { Owner = 2, Incarnation = 1, To = 1, Interests = { Interest("own", 1, 1) } },
            new() { Owner = 9, Incarnation = 1, To = 1, Interests = { Interest("stranger", 1, 1) } },
        ];
        Assert.All(hostile, delta => Assert.Empty(core.Receive(One, delta, default)));
        Assert.Equal(0UL, core.Find(One)?.Version ?? 0);
    }

    /// <summary>Against the plain truth: whatever is lost, repeated and overtaken, whoever restarts, in the end every node's routes are what the others have.</summary>
    [Theory]
    [MemberData(nameof(Seeds))]
    public void All_nodes_end_with_the_truth(int seed)
    {
        var random = new Random(seed);
        var world = new RegistryWorld(seed, 2 + (seed % 4), new PubSubOptions { DeltaBytes = 40 + random.Next(200), RemovedTimeToLive = TimeSpan.FromSeconds(5), MaxRemovals = seed % 3 == 0 ? 3 : 1_000 });
        for (var step = 0; step < 300; step++)
        {
            var node = world.Nodes.Keys.ElementAt(random.Next(world.Nodes.Count));
            switch (random.Next(20))
            {
                case 0:
                    world.Restart(node);
                    break;
                case 1:
                    world.Meet(node);
                    break;
                case < 5:
                    world.Gossip(node);
                    break;
                case < 7:
                    world.Pass(TimeSpan.FromSeconds(random.Next(4)));
                    break;
                case < 10:
                    world.Deliver(loss: random.NextDouble(), twice: 0.2, late: 0.3);
                    break;
                default:
                    var name = $"t{random.Next(8)}";
                    world.Set(node, random.Next(3) == 0 ? TopicFilter.Pattern(name + "*") : TopicFilter.Topic(name, random.Next(4) == 0 ? "group" : null), random.Next(3));
                    break;
            }
        }

        foreach (var node in world.Nodes.Keys)
        {
            world.Meet(node);
        }

        for (var round = 0; round < 40 && !world.HasConverged(); round++)
        {
            foreach (var node in world.Nodes.Keys)
            {
                world.Gossip(node);
            }

            world.Deliver();
        }

        Assert.True(world.HasConverged(), $"seed {seed}: the nodes differ for ever");
    }

    private static TopicInterest Interest(string name, uint subscribers, ulong version) => new() { Name = ByteString.CopyFromUtf8(name), Subscribers = subscribers, Version = version };
}
