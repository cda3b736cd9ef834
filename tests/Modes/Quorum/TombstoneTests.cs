using Cluster.Modes.Quorum;

namespace Cluster.Modes.Tests.Quorum;

/// <summary>A tombstone is forgotten by all when nothing older can come from anywhere, and not before.</summary>
public class TombstoneTests
{
    private static readonly QuorumDial Default = new(2, 2, Sloppy: false);
    private static readonly TimeSpan Grace = QuorumBounds.TombstoneGrace;

    [Fact]
    public void A_tombstone_is_forgotten_when_every_member_has_confirmed_it_twice_ten_minutes_apart()
    {
        var world = new QuorumWorld(5);
        var order = world.Ring.Order("k");
        world.Do(QuorumOperation.Put, "k", Default, "v", order[0]);
        world.Do(QuorumOperation.Delete, "k", Default, coordinator: order[0]);
        var first = world.Replicas[order[0]];
        var (agreed, moment) = (TimeSpan.FromHours(1), TimeSpan.FromMilliseconds(1));

        Assert.Equal(0, Ask(world, first, agreed, absent: order[4]));
        Assert.Equal(0, Ask(world, first, agreed));
        Assert.Null(first.ProposeForgetting(agreed + Grace - moment)); // It is agreed on, and nothing is asked meanwhile.
        Assert.Equal(0, Ask(world, first, agreed + Grace, absent: order[3]));
        Assert.Equal(3, Ask(world, first, agreed + Grace + moment));
        Assert.All(world.Replicas.Values, replica => Assert.True(replica.IsEmpty));
    }

    [Fact]
    public void A_repair_that_was_slow_brings_no_deleted_key_back()
    {
        // The third had missed the deletion, learnt of it when ten minutes were over for the two others, and had sent what it had before a moment earlier.
        var world = new QuorumWorld(3);
        var order = world.Ring.Order("k");
        var (first, other, third) = (world.Replicas[order[0]], world.Replicas[order[1]], world.Replicas[order[2]]);
        world.Do(QuorumOperation.Put, "k", Default, "v", order[0]);
        world.Away.Add(order[2]);
        world.Do(QuorumOperation.Delete, "k", Default, coordinator: order[0]);
        world.Away.Clear();
        var slow = new RepairKeys(order[2], world.Ring.Id, [new KeyCopy("k", third.Known("k"))], []);
        world.Compare(first, third);

        Assert.Equal(0, Ask(world, first, Grace + Grace));
        world.Repair(other, slow);

        Assert.Null(Value(other, "k"));
        Assert.Equal(3, Ask(world, first, Grace + Grace + Grace));
        Assert.Null(Value(other, "k"));
    }

    [Fact]
    public void A_deletion_after_a_deletion_begins_the_ten_minutes_anew()
    {
        var world = new QuorumWorld(3);
        var order = world.Ring.Order("k");
        var first = world.Replicas[order[0]];
        world.Do(QuorumOperation.Delete, "k", Default, coordinator: order[0]);
        Assert.Equal(0, Ask(world, first, TimeSpan.Zero));

        world.Do(QuorumOperation.Delete, "k", Default, coordinator: order[0]);

        Assert.Equal(0, Ask(world, first, Grace));
        Assert.Equal(3, Ask(world, first, Grace + Grace));
    }

    [Fact]
    public void A_confirmation_of_an_earlier_question_counts_for_nothing()
    {
        var world = new QuorumWorld(2);
        var order = world.Ring.Order("k");
        var (first, other) = (world.Replicas[order[0]], world.Replicas[order[1]]);
        world.Do(QuorumOperation.Delete, "k", new QuorumDial(2, 2, Sloppy: false), coordinator: order[0]);
        var late = other.Confirm(first.ProposeForgetting(TimeSpan.Zero)!)!;
        Assert.Equal(0, Ask(world, first, TimeSpan.Zero));

        var again = first.ProposeForgetting(Grace)!;
        Assert.Null(first.Confirmed(first.Confirm(again)!, Grace));
        Assert.Null(first.Confirmed(late, Grace));
        Assert.NotNull(first.Confirmed(other.Confirm(again)!, Grace));
    }

    [Fact]
    public void Other_members_have_to_agree_anew()
    {
        var world = new QuorumWorld(3);
        var order = world.Ring.Order("k");
        var first = world.Replicas[order[0]];
        world.Do(QuorumOperation.Delete, "k", Default, coordinator: order[0]);
        Assert.Equal(0, Ask(world, first, TimeSpan.Zero));
        first.Place(new HashRing(["n9"]));
        first.Place(world.Ring);

        Assert.Equal(0, Ask(world, first, Grace));
        Assert.Equal(3, Ask(world, first, Grace + Grace));
    }

    [Fact]
    public void A_node_that_is_alone_agrees_with_itself()
    {
        var world = new QuorumWorld(1);
        world.Do(QuorumOperation.Delete, "k", new QuorumDial(1, 1, Sloppy: false));

        Assert.Equal(0, Ask(world, world.Replicas["n1"], TimeSpan.Zero));
        Assert.Equal(1, Ask(world, world.Replicas["n1"], Grace));
    }

    [Fact]
    public void What_is_remembered_of_agreements_has_a_bound()
    {
        var world = new QuorumWorld(1);
        var replica = world.Replicas["n1"];
        for (var key = 0; key < QuorumBounds.MostAgreed + 2 * QuorumBounds.BatchKeys; key++)
        {
            world.Store(replica, $"k{key}", null, 1);
        }

        var asked = 0;
        while (replica.ProposeForgetting(TimeSpan.Zero) is { } proposed)
        {
            asked += proposed.Tombstones.Count;
            Assert.Null(replica.Confirmed(replica.Confirm(proposed)!, TimeSpan.Zero));
        }

        Assert.Equal(QuorumBounds.MostAgreed, asked);
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
        Assert.Equal(0, Collect(world, world.Replicas[order[0]])); // The third has the value still.

        world.Compare(world.Replicas[order[0]], world.Replicas[order[2]]);
        world.Store(world.Replicas[order[4]], "k", "v", 1, order[1]);
        Assert.Equal(0, Collect(world, world.Replicas[order[0]]));

        world.HandOver(world.Replicas[order[4]], order[1]);
        Assert.Equal(3, Collect(world, world.Replicas[order[0]]));
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
        world.Store(replica, "k", null, 5);
        var collected = replica.Collect(new ForgetTombstones("n2", world.Ring.Id, [new KeyDigest("k", StateDigest.Of("k", replica.Known("k")))]));

        world.Store(replica, "k", "new", 6);
        Assert.All(collected, replica.Apply);

        Assert.Single(collected);
        Assert.Equal("new", Value(replica, "k"));
    }

    private static string? Value(ReplicaCore replica, string key) => replica.Known(key).Winner?.Value;

    /// <summary>Asks twice, as far apart as it takes.</summary>
    /// <returns>Copies that were forgotten.</returns>
    private static int Collect(QuorumWorld world, ReplicaCore first) => Ask(world, first, TimeSpan.Zero) + Ask(world, first, Grace);

    /// <summary>One question of the first to all but one, and all that follows from it.</summary>
    /// <returns>Copies that were forgotten.</returns>
    private static int Ask(QuorumWorld world, ReplicaCore first, TimeSpan now, string? absent = null)
    {
        var (forgotten, proposed) = (0, first.ProposeForgetting(now)!);
        foreach (var by in world.Replicas.Where(replica => replica.Key != absent).Select(replica => replica.Value))
        {
            if (by.Confirm(proposed) is not { } confirmed || first.Confirmed(confirmed, now) is not { } all)
            {
                continue;
            }

            foreach (var (replica, happened) in world.Replicas.Values.SelectMany(replica => replica.Collect(all).Select(happened => (replica, happened))))
            {
                world.Apply(replica, happened);
                forgotten++;
            }
        }

        return forgotten;
    }
}
