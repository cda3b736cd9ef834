using Cluster.Modes.Quorum;

namespace Cluster.Modes.Tests.Quorum;

/// <summary>What a replica does besides answering: stands in, hands over, compares, forgets.</summary>
public class ReplicaTests
{
    private static readonly QuorumDial Default = new(2, 2, Sloppy: false);
    private static readonly QuorumDial Sloppy = new(2, 2, Sloppy: true);
    private static readonly TimeSpan Old = QuorumBounds.TombstoneGrace + TimeSpan.FromSeconds(1);

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
        HandOver(world, first, order[0]);

        Assert.Equal("v", Value(world.Replicas[order[0]], "k"));
        Assert.True(first.IsEmpty);
    }

    [Fact]
    public void A_hint_that_grows_while_it_is_handed_over_is_handed_over_again()
    {
        var (world, order) = (new QuorumWorld(5), new QuorumWorld(5).Ring.Order("k"));
        var holder = world.Replicas[order[3]];
        Store(world, holder, "k", "one", 1, order[0]);
        var sent = holder.BeginHandOff(order[0])!;
        Store(world, holder, "k", "two", 2, order[0]);

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
            Store(world, holder, $"k{i}", "v", 1, "n2");
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
        Store(world, one, "key7", "newer", 9);

        var hashes = Compare(world, one, other);

        Assert.Equal("newer", Value(other, "key7"));
        Assert.InRange(hashes, 1, 100);
        Assert.Equal(1, Compare(world, one, other));
    }

    [Fact]
    public void A_comparison_brings_both_what_they_miss_a_part_at_a_time_if_it_is_much()
    {
        var world = new QuorumWorld(3);
        var (one, other) = (world.Replicas["n1"], world.Replicas["n2"]);
        for (var i = 0; i < 3_000; i++)
        {
            Store(world, i % 2 == 0 ? one : other, $"key{i}", $"v{i}", 1);
        }

        var rounds = 0;
        while (Compare(world, one, other) > 1)
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
            Store(world, one, $"key{i}", "v", 1);
        }

        for (var round = 0; round < 50; round++)
        {
            Compare(world, one, other);
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
    public void A_tombstone_is_forgotten_when_every_member_has_it_and_not_before()
    {
        var world = new QuorumWorld(5);
        var order = world.Ring.Order("k");
        world.Do(QuorumOperation.Put, "k", Default, "v", order[0]);
        world.Do(QuorumOperation.Delete, "k", Default, coordinator: order[0]);
        var first = world.Replicas[order[0]];

        Assert.Null(first.ProposeForgetting(Old - TimeSpan.FromSeconds(2)));
        Assert.Empty(Collect(world, first, absent: order[4]));
        Assert.Equal(3, Collect(world, first).Count);
        Assert.All(world.Replicas.Values, replica => Assert.True(replica.IsEmpty));
    }

    [Fact]
    public void A_tombstone_stays_while_a_replica_has_an_older_value_or_a_hint_waits()
    {
        var world = new QuorumWorld(5);
        var order = world.Ring.Order("k");
        world.Do(QuorumOperation.Put, "k", Default, "v", order[0]);
        world.Away.Add(order[2]);
        world.Do(QuorumOperation.Delete, "k", Default, coordinator: order[0]);
        world.Away.Clear();
        Assert.Empty(Collect(world, world.Replicas[order[0]])); // The third has the value still.

        Compare(world, world.Replicas[order[0]], world.Replicas[order[2]]);
        Store(world, world.Replicas[order[4]], "k", "v", 1, order[1]);
        Assert.Empty(Collect(world, world.Replicas[order[0]]));

        HandOver(world, world.Replicas[order[4]], order[1]);
        Assert.Equal(3, Collect(world, world.Replicas[order[0]]).Count);
    }

    [Fact]
    public void What_is_written_after_a_tombstone_was_forgotten_is_later_than_it_also_where_one_replica_has_it_still()
    {
        var world = new QuorumWorld(3);
        var order = world.Ring.Order("k");
        for (var i = 0; i < 5; i++)
        {
            world.Do(QuorumOperation.Put, "k", Default, $"v{i}", order[0]);
        }

        world.Do(QuorumOperation.Delete, "k", Default, coordinator: order[0]);
        var kept = world.Replicas[order[2]].Known("k");
        Collect(world, world.Replicas[order[0]]);
        world.Apply(world.Replicas[order[2]], new StateJoined("k", kept)); // It was not told, and has its tombstone.

        world.Do(QuorumOperation.Put, "k", Default, "again", order[0]);

        Assert.Equal("again", world.Do(QuorumOperation.Get, "k", Default, coordinator: order[2]).State.Winner!.Value.Value);
    }

    [Fact]
    public void A_write_that_was_under_way_to_the_disk_when_its_tombstone_is_forgotten_stays()
    {
        var world = new QuorumWorld(3);
        var replica = world.Replicas["n1"];
        Store(world, replica, "k", null, 5);
        var collected = replica.Collect(new ForgetTombstones("n2", world.Ring.Id, [new KeyDigest("k", StateDigest.Of("k", replica.Known("k")))]));

        Store(world, replica, "k", "new", 6);
        Assert.All(collected, happened => replica.Apply(happened, default));

        Assert.Single(collected);
        Assert.Equal("new", Value(replica, "k"));
    }

    [Fact]
    public void A_key_whose_place_moves_is_handed_to_each_of_its_new_nodes_and_then_forgotten()
    {
        var world = new QuorumWorld(5);
        var replica = world.Replicas["n1"];
        var key = Enumerable.Range(0, 100).Select(number => $"key{number}").First(name => !world.Ring.Preferred(name).Contains("n1"));
        Store(world, replica, key, "v", 1);

        foreach (var happened in replica.Move().ToList())
        {
            world.Apply(replica, happened);
        }

        Assert.Equal("v", Value(replica, key)); // Until it is elsewhere, it is here.
        foreach (var node in replica.Receivers)
        {
            HandOver(world, replica, node);
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
        Store(world, holder, "k", "v", 1, order[0]); // The only copy: both nodes that acknowledged it stood in, and one of them is gone, too.
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
        HandOver(world, holder, order[1]);
        HandOver(world, holder, order[2]);
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
        Store(world, holder, "k", "one", 1, order[0]);
        holder.Place(new HashRing(world.Ring.Members.Remove(order[0])));
        var events = holder.Redirect().ToList();
        Store(world, holder, "k", "two", 2, order[0]);

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
        Store(world, replica, "k", "v", 3);
        Store(world, replica, "gone", null, 4);
        Store(world, replica, "kept", "w", 5, "n2");

        var again = new ReplicaCore("n1");
        again.Place(world.Ring);
        again.Restore(replica.Snapshot(), default);

        Assert.Equal(replica.Keys.OrderBy(key => key.Key), again.Keys.OrderBy(key => key.Key));
        Assert.Equal((1, 1), (again.Hints, again.Tombstones));
        Assert.Equal(replica.BeginComparison("n2")!.Hashes, again.BeginComparison("n2")!.Hashes);
    }

    private static string? Value(ReplicaCore replica, string key) => replica.Known(key).Winner?.Value;

    private static void Store(QuorumWorld world, ReplicaCore replica, string key, string? value, long counter, string? hintFor = null) =>
        world.Apply(replica, replica.Store(new StoreKey(0, 0, key, KeyState.Written(new Tag(counter, "n1", counter), value), hintFor)));

    private static (QuorumWorld World, ReplicaCore One, ReplicaCore Other) Pair(int keys)
    {
        var world = new QuorumWorld(3);
        for (var i = 0; i < keys; i++)
        {
            Store(world, world.Replicas["n1"], $"key{i}", "v", 1);
            Store(world, world.Replicas["n2"], $"key{i}", "v", 1);
        }

        return (world, world.Replicas["n1"], world.Replicas["n2"]);
    }

    /// <summary>One whole exchange, begun by the first.</summary>
    /// <returns>Hashes that were sent.</returns>
    private static int Compare(QuorumWorld world, ReplicaCore one, ReplicaCore other)
    {
        var (hashes, receiver) = (0, other);
        object? message = one.BeginComparison(world.Replicas.FirstOrDefault(known => known.Value == other).Key ?? "n2");
        while (message is not null)
        {
            hashes += message is CompareTrees trees ? trees.Hashes.Count : 0;
            var answer = message switch
            {
                CompareTrees compared => receiver.Compare(compared, default),
                CompareKeys compared => receiver.Compare(compared, default),
                RepairKeys repair => Repair(receiver, repair),
                _ => throw new InvalidOperationException($"{message}"),
            };
            (message, receiver) = (answer, receiver == one ? other : one);
        }

        return hashes;

        RepairKeys? Repair(ReplicaCore at, RepairKeys repair)
        {
            foreach (var happened in at.Take(repair))
            {
                world.Apply(at, happened);
            }

            return at.Give(repair);
        }
    }

    private static void HandOver(QuorumWorld world, ReplicaCore holder, string to)
    {
        var batch = holder.BeginHandOff(to)!;
        foreach (var happened in world.Replicas[to].Take(batch)!)
        {
            world.Apply(world.Replicas[to], happened);
        }

        world.Apply(holder, holder.EndHandOff(new HandOffTaken(batch.Number, to)));
    }

    private static List<TombstoneCollected> Collect(QuorumWorld world, ReplicaCore first, string? absent = null)
    {
        var proposed = first.ProposeForgetting(Old)!;
        var collected = new List<TombstoneCollected>();
        foreach (var by in world.Replicas.Where(replica => replica.Value != first && replica.Key != absent))
        {
            if (by.Value.Confirm(proposed) is { } confirmed && first.Confirmed(confirmed) is { } all)
            {
                foreach (var replica in world.Replicas.Values)
                {
                    foreach (var happened in replica.Collect(all))
                    {
                        collected.Add(happened);
                        world.Apply(replica, happened);
                    }
                }
            }
        }

        return collected;
    }
}
