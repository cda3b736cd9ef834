using Cluster.Modes.Quorum;

namespace Cluster.Modes.Tests.Quorum;

/// <summary>What a replica does besides answering: stands in, hands over, compares.</summary>
public class ReplicaTests
{
    private static readonly QuorumDial Default = new(2, 2, Sloppy: false);
    private static readonly QuorumDial Sloppy = new(2, 2, Sloppy: true);

    [Fact]
    public void A_stand_in_keeps_a_write_apart_and_hands_it_over_when_its_node_is_back()
    {
        var world = new QuorumWorld(5);
        var order = world.Ring.Order("k");
        world.Away.UnionWith([order[0], order[1]]);

        var written = world.Do(QuorumOperation.Put, "k", Sloppy, "v", order[4]);

        Assert.Null(written.Error);
        var (first, second) = (world.Replicas[order[3]], world.Replicas[order[4]]);
        Assert.Equal([order[0], order[1]], new[] { first, second }.SelectMany(replica => replica.Receivers));
        Assert.Equal("v", world.Do(QuorumOperation.Get, "k", Sloppy, coordinator: order[4]).State.Winner!.Value.Value);

        world.Away.Clear();
        world.HandOver(first, order[0]);

        Assert.Equal("v", Value(world.Replicas[order[0]], "k"));
        Assert.True(first.IsEmpty);
    }

    [Fact]
    public void A_hint_that_grows_while_it_is_handed_over_is_handed_over_again()
    {
        var (world, order) = (new QuorumWorld(5), new QuorumWorld(5).Ring.Order("k"));
        var holder = world.Replicas[order[3]];
        world.Store(holder, "k", "one", 1, order[0]);
        var sent = holder.BeginHandOff(order[0])!;
        world.Store(holder, "k", "two", 2, order[0]);

        world.Apply(holder, holder.EndHandOff(new HandOffTaken(sent.Number, order[0])));

        Assert.Equal(1, holder.Hints);
        Assert.Equal("two", holder.BeginHandOff(order[0])!.Keys[0].State.Value);
    }

    [Fact]
    public void Whoever_keeps_too_much_for_others_stands_in_no_more()
    {
        var world = new QuorumWorld(5);
        var holder = world.Replicas["n1"];
        for (var i = 0; i < QuorumBounds.MostHints; i++)
        {
            world.Store(holder, $"k{i}", "v", 1, "n2");
        }

        var state = KeyState.Written(new Tag(2, "n3", 1), "w");
        Assert.Contains("10000 keys", holder.WhyNot(new StoreKey(1, 0, "another", state, "n2")), StringComparison.Ordinal);
        Assert.Null(holder.WhyNot(new StoreKey(1, 0, "k7", state, "n2")));
        Assert.Null(holder.WhyNot(new StoreKey(1, 0, "another", state)));
    }

    [Fact]
    public void Two_replicas_that_differ_in_one_key_of_many_find_it_by_a_few_hashes()
    {
        var (world, one, other) = Pair(keys: 2_000);
        world.Store(one, "key7", "newer", 9);

        var hashes = world.Compare(one, other);

        Assert.Equal("newer", Value(other, "key7"));
        Assert.InRange(hashes, 1, 100);
        Assert.Equal(1, world.Compare(one, other));
    }

    [Fact]
    public void A_comparison_brings_both_what_they_miss_a_part_at_a_time_if_it_is_much()
    {
        var world = new QuorumWorld(3);
        var (one, other) = (world.Replicas["n1"], world.Replicas["n2"]);
        for (var i = 0; i < 3_000; i++)
        {
            world.Store(i % 2 == 0 ? one : other, $"key{i}", $"v{i}", 1);
        }

        var rounds = 0;
        while (world.Compare(one, other) > 1)
        {
            Assert.InRange(++rounds, 0, 200);
        }

        Assert.Equal(3_000, one.Keys.Count);
        Assert.Equal(3_000, other.Keys.Count);
        Assert.InRange(rounds, 5, 200);
    }

    [Fact]
    public void A_comparison_that_passes_over_children_never_finds_some_keys()
    {
        var world = new QuorumWorld(3);
        var (one, other) = (new ReplicaCore("n1") { FollowsEveryChild = false }, new ReplicaCore("n2") { FollowsEveryChild = false });
        one.Place(world.Ring);
        other.Place(world.Ring);
        for (var i = 0; i < 20; i++)
        {
            world.Store(one, $"key{i}", "v", 1);
        }

        for (var round = 0; round < 50; round++)
        {
            world.Compare(one, other);
        }

        Assert.True(other.Keys.Count < 10, $"{other.Keys.Count} of 20 keys were found all the same");
    }

    [Fact]
    public void What_comes_from_a_node_that_takes_others_for_members_is_left_alone()
    {
        var (_, one, other) = Pair(keys: 10);
        var begun = one.BeginComparison("n2")! with { Ring = 7, Hashes = [new TreeHash(0, 1)] };

        Assert.Null(other.Compare(begun, default));
        Assert.Null(other.Compare(new CompareKeys("n1", 7, [0], []), default));
        Assert.Empty(other.Take(new RepairKeys("n1", 7, [new KeyCopy("x", KeyState.Written(new Tag(1, "n1", 1), "v"))], [])));
        Assert.Null(other.Take(new HandOff(1, "n1", 7, [])));
    }

    [Theory]
    [InlineData(-1, 0)]
    [InlineData(9, 0)]
    [InlineData(1, -1)]
    [InlineData(1, 16)]
    [InlineData(3, 4096)]
    public void A_place_that_no_tree_has_is_passed_over(int level, int index)
    {
        var (_, one, other) = Pair(keys: 10);

        var answer = other.Compare(new CompareTrees("n1", one.Ring.Id, level, [new TreeHash(index, 1)]), default);

        Assert.Empty(Assert.IsType<CompareTrees>(answer).Hashes);
        Assert.Null(other.Compare(new CompareKeys("n1", one.Ring.Id, [index < 0 ? index : 4096], []), default));
    }

    [Fact]
    public void A_key_whose_place_moves_is_handed_to_each_of_its_new_nodes_and_then_forgotten()
    {
        var world = new QuorumWorld(5);
        var replica = world.Replicas["n1"];
        var key = Enumerable.Range(0, 100).Select(number => $"key{number}").First(name => !world.Ring.Preferred(name).Contains("n1"));
        world.Store(replica, key, "v", 1);

        foreach (var happened in replica.Move().ToList())
        {
            world.Apply(replica, happened);
        }

        Assert.Equal("v", Value(replica, key)); // Until it is elsewhere, it is here.
        foreach (var node in replica.Receivers)
        {
            world.HandOver(replica, node);
        }

        Assert.All(world.Ring.Preferred(key), node => Assert.Equal("v", Value(world.Replicas[node], key)));
        Assert.True(replica.IsEmpty);
    }

    [Fact]
    public void Writes_with_contexts_stand_side_by_side_until_one_merges_them()
    {
        var world = new QuorumWorld(3);
        world.Do(QuorumOperation.Put, "cart", Default, "[]");
        var seen = ClientContext.Of(world.Do(QuorumOperation.Get, "cart", Default).State);
        world.Do(QuorumOperation.Put, "cart", Default, "[tea]", "n1", seen);
        world.Do(QuorumOperation.Put, "cart", Default, "[milk]", "n2", seen);

        var both = world.Do(QuorumOperation.Get, "cart", Default, coordinator: "n3").State;
        Assert.Equal(["[tea]", "[milk]"], both.Standing.Select(stands => stands.Value));
        world.Do(QuorumOperation.Put, "cart", Default, "[tea, milk]", "n3", ClientContext.Of(both));

        Assert.Equal(["[tea, milk]"], world.Do(QuorumOperation.Get, "cart", Default).State.Standing.Select(stands => stands.Value));
    }

    [Fact]
    public void A_hint_for_a_member_that_is_gone_for_good_goes_to_the_nodes_that_have_its_key_now()
    {
        var world = new QuorumWorld(5);
        var order = world.Ring.Order("k");
        var holder = world.Replicas[order[3]];
        world.Store(holder, "k", "v", 1, order[0]); // The only copy: both nodes that acknowledged it stood in, and one of them is gone, too.
        foreach (var replica in world.Replicas.Values)
        {
            replica.Place(new HashRing(world.Ring.Members.Remove(order[0])));
        }

        Assert.Equal(order.Skip(1).Take(3), holder.Ring.Preferred("k"));
        foreach (var happened in holder.Redirect().ToList())
        {
            world.Apply(holder, happened);
        }

        Assert.Equal(new[] { order[1], order[2] }.Order(StringComparer.Ordinal), holder.Receivers);
        world.HandOver(holder, order[1]);
        world.HandOver(holder, order[2]);
        Assert.All(holder.Ring.Preferred("k"), node => Assert.Equal("v", Value(world.Replicas[node], "k")));
        Assert.Equal(0, holder.Hints);
        Assert.Empty(holder.Redirect());
    }

    [Fact]
    public void A_hint_that_grows_while_it_is_turned_over_to_others_is_turned_over_again()
    {
        var world = new QuorumWorld(5);
        var order = world.Ring.Order("k");
        var holder = world.Replicas[order[4]];
        world.Store(holder, "k", "one", 1, order[0]);
        holder.Place(new HashRing(world.Ring.Members.Remove(order[0])));
        var events = holder.Redirect().ToList();
        world.Store(holder, "k", "two", 2, order[0]);

        Assert.All(events, happened => world.Apply(holder, happened));
        Assert.Contains(order[0], holder.Receivers);
        Assert.All(holder.Redirect().ToList(), happened => world.Apply(holder, happened));

        Assert.DoesNotContain(order[0], holder.Receivers);
        Assert.All(holder.Receivers, node => Assert.Equal("two", holder.BeginHandOff(node)!.Keys[0].State.Value));
    }

    [Fact]
    public void A_snapshot_stands_for_everything()
    {
        var world = new QuorumWorld(3);
        var replica = world.Replicas["n1"];
        world.Store(replica, "k", "v", 3);
        world.Store(replica, "gone", null, 4);
        world.Store(replica, "kept", "w", 5, "n2");

        var again = new ReplicaCore("n1");
        again.Place(world.Ring);
        again.Restore(replica.Snapshot());

        Assert.Equal(replica.Keys.OrderBy(key => key.Key), again.Keys.OrderBy(key => key.Key));
        Assert.Equal((1, 1), (again.Hints, again.Tombstones));
        Assert.Equal(replica.BeginComparison("n2")!.Hashes, again.BeginComparison("n2")!.Hashes);
    }

    private static string? Value(ReplicaCore replica, string key) => replica.Known(key).Winner?.Value;

    private static (QuorumWorld World, ReplicaCore One, ReplicaCore Other) Pair(int keys)
    {
        var world = new QuorumWorld(3);
        for (var i = 0; i < keys; i++)
        {
            world.Store(world.Replicas["n1"], $"key{i}", "v", 1);
            world.Store(world.Replicas["n2"], $"key{i}", "v", 1);
        }

        return (world, world.Replicas["n1"], world.Replicas["n2"]);
    }
}
