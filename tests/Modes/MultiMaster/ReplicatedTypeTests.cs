using Cluster.Modes.MultiMaster;
using Cluster.Shared.Results;

namespace Cluster.Modes.Tests.MultiMaster;

/// <summary>What each type promises of writes on two sides.</summary>
public class ReplicatedTypeTests
{
    private readonly ReplicaWorld world = new(2);

    [Fact]
    public void Of_two_values_written_side_by_side_a_register_keeps_one_and_all_replicas_the_same()
    {
        world.Put(0, "k", "a");
        world.Put(1, "k", "b");
        world.Heal();

        Assert.Equal("b", world.Read(0, "k")); // Equal times: the greater replica's.
        Assert.Equal("b", world.Read(1, "k"));
    }

    [Fact]
    public void A_write_that_has_seen_another_wins_though_its_nodes_clock_is_behind()
    {
        world.WallMs[0] = 9_000;
        world.Put(0, "k", "first");
        world.Fetch(to: 1, from: 0);
        world.Put(1, "k", "second");
        world.Heal();

        Assert.Equal("second", world.Read(0, "k"));
    }

    [Fact]
    public void A_client_that_changes_nodes_takes_its_time_along_in_the_token()
    {
        world.WallMs[0] = 9_000;
        var token = world.Put(0, "k", "first").Token;
        world.Put(1, "k", "second", token: token);
        world.Heal();

        Assert.Equal("second", world.Read(0, "k"));
    }

    [Fact]
    public void By_the_wall_clock_it_loses()
    {
        var wall = new ReplicaWorld(2, trustsWallClock: true);
        wall.WallMs[0] = 9_000;
        var token = wall.Put(0, "k", "first").Token;
        wall.Put(1, "k", "second", token: token);
        wall.Heal();

        Assert.Equal("first", wall.Read(1, "k"));
    }

    [Fact]
    public void A_token_from_the_far_future_is_refused_and_spoils_no_clock()
    {
        var refused = world[0].Put("k", null, "x", null, new HybridTimestamp(long.MaxValue, 0), 1_000);

        Assert.Equal(ErrorCode.BadRequest, refused.Refusal!.Code);
        Assert.Equal("1000.0", world.Put(0, "k", "y").Token);
    }

    [Fact]
    public void Siblings_stay_until_a_write_that_has_seen_them_all()
    {
        world.Put(0, "k", "a", ObjectType.Siblings);
        world.Put(1, "k", "b", ObjectType.Siblings);
        world.Heal();
        world[0].Read("k", null, null, out var both);
        Assert.Equal(["a", "b"], both.Siblings!);

        world.Put(1, "k", "c", context: both.Version);
        world.Heal();
        world[0].Read("k", null, null, out var one);
        Assert.Equal(["c"], one.Siblings!);
    }

    /// <summary>What version vectors with an entry a server get wrong, and dotted ones right (Preguiça et al. 2012): two clients with the same old context write at one replica; neither has seen the other.</summary>
    [Fact]
    public void Two_clients_with_one_context_at_one_replica_leave_two_siblings()
    {
        world.Put(0, "k", "v1", ObjectType.Siblings);
        world[0].Read("k", null, null, out var read);
        world.Put(0, "k", "v2", context: read.Version);
        world.Put(0, "k", "v3", context: read.Version);

        world[0].Read("k", null, null, out var siblings);
        Assert.Equal(["v2", "v3"], siblings.Siblings!);
    }

    [Fact]
    public void Who_has_seen_nothing_replaces_nothing()
    {
        world.Put(0, "k", "a", ObjectType.Siblings);
        world.Put(0, "k", "b", ObjectType.Siblings, context: "");

        world[0].Read("k", null, null, out var both);
        Assert.Equal(["a", "b"], both.Siblings!);
    }

    [Fact]
    public void A_context_that_names_what_never_was_is_refused() =>
        Assert.Equal(ErrorCode.Conflict, world[0].Put("k", ObjectType.Siblings, "x", VersionVector.TryParse("r0:7"), null, 1_000).Refusal!.Code);

    [Fact]
    public void A_counter_loses_nothing_and_counts_nothing_twice()
    {
        world.Increment(0, "c", 5);
        world.Increment(1, "c", -2);
        world.Heal();
        world.Heal();
        world.Increment(0, "c", 1);
        world.Heal();

        Assert.Equal("4", world.Read(0, "c"));
        Assert.Equal("4", world.Read(1, "c"));
    }

    [Fact]
    public void An_addition_wins_over_a_removal_that_has_not_seen_it_and_over_no_other()
    {
        world.Add(0, "s", "seen");
        world.Heal();
        world.Remove(1, "s", "seen");
        world.Add(0, "s", "unseen");
        world.Add(1, "s", "unseen");
        world.Remove(1, "s", "unseen");
        world.Heal();

        Assert.Equal("[\"unseen\"]", world.Read(0, "s"));
        Assert.Equal("[\"unseen\"]", world.Read(1, "s"));
    }

    [Fact]
    public void A_set_keeps_no_trace_of_what_was_in_it()
    {
        for (var i = 0; i < 500; i++)
        {
            world.Add(0, "s", $"m{i}");
            world.Remove(0, "s", $"m{i}");
        }

        var state = Assert.Single(world[0].PageFor(VersionVector.Zero, null).Objects);
        Assert.Empty(state.Entries);
        Assert.Equal("r0:1000", state.Versions.ToString());
    }

    [Fact]
    public void A_map_merges_field_by_field()
    {
        world.Do(0, (core, now) => core.Add(ObjectType.Map, "m", "name", "ann", null, now));
        world.Heal();
        world.Do(0, (core, now) => core.Add(ObjectType.Map, "m", "town", "bern", null, now));
        world.Do(1, (core, now) => core.Remove(ObjectType.Map, "m", "name", null, now));
        world.WallMs[1] = 2_000;
        world.Do(1, (core, now) => core.Add(ObjectType.Map, "m", "town", "basel", null, now));
        world.Heal();

        Assert.Equal("{\"town\":\"basel\"}", world.Read(0, "m"));
    }

    [Theory]
    [InlineData(ObjectType.Counter)]
    [InlineData(ObjectType.LastWriterWins)]
    [InlineData(ObjectType.Map)]
    public void An_operation_of_another_type_is_a_conflict_and_changes_nothing(ObjectType other)
    {
        world.Add(0, "k", "member");
        var (hash, known) = (world[0].Hash, world[0].Known);

        var move = other switch
        {
            ObjectType.Counter => world[0].Increment("k", 1, 1_000),
            ObjectType.Map => world[0].Add(ObjectType.Map, "k", "f", "v", null, 1_000),
            _ => world[0].Put("k", null, "v", null, null, 1_000),
        };

        Assert.Equal(ErrorCode.Conflict, move.Refusal!.Code);
        Assert.Equal("k is set and no " + MultiMasterCore.Words(other), move.Refusal.Message);
        Assert.Equal((hash, known), (world[0].Hash, world[0].Known));
    }

    [Fact]
    public void A_key_made_of_two_types_on_two_sides_says_so_until_one_is_deleted()
    {
        world.Put(0, "k", "text");
        world.Add(1, "k", "member");
        world.Heal();

        Assert.Contains("k is lww and set", world[0].Read("k", null, null, out _), StringComparison.Ordinal);
        Assert.Null(world[0].Read("k", ObjectType.Set, null, out var set));
        Assert.Equal("[\"member\"]", set.Value);
        world.Do(1, (core, now) => core.Delete("k", ObjectType.LastWriterWins, null, now));
        world.Heal();
        Assert.Equal("[\"member\"]", world.Read(0, "k"));
    }

    [Fact]
    public void A_deleted_register_is_not_brought_back_by_a_late_copy()
    {
        var late = world.Put(0, "k", "old").Written!;
        world.Do(0, (core, now) => core.Delete("k", null, null, now));
        world.Heal();
        world[1].Take(late);

        Assert.Null(world.Read(1, "k"));
    }

    [Fact]
    public void What_is_too_large_is_refused_and_what_makes_it_smaller_is_not()
    {
        var element = new string('x', 1_000);
        var added = 0;
        while (world[0].Add(ObjectType.Set, "s", $"{element}{added}", null, null, 1_000).Refusal is null)
        {
            added++;
        }

        Assert.InRange(added, 80, 96);
        Assert.Null(world[0].Remove(ObjectType.Set, "s", $"{element}0", null, 1_000).Refusal);
    }
}
