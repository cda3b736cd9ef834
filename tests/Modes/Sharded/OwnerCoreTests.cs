using Cluster.Modes.Sharded;
using Cluster.Modes.Sharded.Owner;

namespace Cluster.Modes.Tests.Sharded;

/// <summary>Owners through splits, moves, deaths: who serves, who is sent elsewhere, and that nothing is lost or done twice on the way.</summary>
public class OwnerCoreTests
{
    private readonly OwnersWorld world = new("n1", "n2");

    [Fact]
    public void A_call_by_an_old_map_is_sent_to_a_newer_one_and_a_call_by_a_newer_one_waits_until_the_owner_has_looked()
    {
        world.Ask(new OpenTable(["n1"]));
        var old = world.Map.Find("a")!;
        world.Call("n1", world.Put(1, "a", "one"));
        world.Call("n1", world.Put(2, "x", "two"));
        world.Ask(new SplitRow(1, 1, "m", null), isTold: false);

        Assert.True(world["n1"].Decide(world.Get("x")).Wait);
        Assert.Equal("two", world["n1"].Decide(world.Get("x", by: old)).Reply!.Value); // Still the whole shard: it has not looked.
        world.Tell("n1");
        Assert.Equal("two", world["n1"].Decide(world.Get("x")).Reply!.Value);
        Assert.Equal("one", world["n1"].Decide(world.Get("a")).Reply!.Value);
        Assert.Equal(2, world["n1"].Decide(world.Get("x", by: old)).Elsewhere);
        Assert.Equal(2, world["n1"].Decide(world.Get("a", by: old)).Elsewhere);
    }

    [Fact]
    public void A_write_that_was_decided_before_a_split_lands_in_the_half_that_has_its_place()
    {
        world.Ask(new OpenTable(["n1"]));
        var late = world["n1"].Decide(world.Put(1, "x", "one")).Event!;
        world.Ask(new SplitRow(1, 1, "m", null));
        world.Persist("n1", late);

        Assert.Equal("one", world["n1"].Decide(world.Get("x")).Reply!.Value);
        Assert.Empty(world["n1"].Find(Partitioning.Range, 1)!.Entries);
    }

    [Fact]
    public void A_move_copies_while_it_serves_then_closes_and_the_new_owner_goes_on_where_the_old_one_was()
    {
        Fill(200);
        world.Ask(new BeginMove(1, 1, "n2"));
        Assert.Equal("batch of 200", world.Step("n1", 1));
        world.Call("n1", world.Put(201, "k000", "again"));
        var steps = new List<string?> { world.Step("n1", 1) };
        Assert.True(world["n1"].Decide(world.Get("k000")).Wait); // Closed.
        Assert.True(world["n1"].Decide(world.Put(202, "k001", "late")).Wait);
        var old = world.Map.Find("a")!;
        steps.AddRange([world.Step("n1", 1), world.Step("n1", 1), world.Step("n1", 1)]);

        Assert.Equal("closed, batch of 1, committed, ", string.Join(", ", steps));
        Assert.Equal(world.Map.Epoch, world["n1"].Decide(world.Get("k000", by: old)).Elsewhere);
        Assert.Equal(world.Map.Epoch, world["n2"].Decide(world.Get("k000", by: old)).Elsewhere); // The right node, but an old epoch.
        Assert.Equal(("again", 2L), (world["n2"].Decide(world.Get("k000")).Reply!.Value, world["n2"].Decide(world.Get("k000")).Reply!.Version));
        Assert.Equal(200, world["n2"].Find(Partitioning.Range, 1)!.Entries.Count);
        Assert.Empty(world["n1"].Held);
    }

    [Fact]
    public void What_a_move_took_is_known_until_the_shard_has_gone()
    {
        Fill(3);
        world.Ask(new BeginMove(1, 1, "n2"));
        while (world["n1"].Find(Partitioning.Range, 1)!.Switching is null)
        {
            world.Step("n1", 1);
        }

        world.Ask(new CommitMove(1, world.Map.Find(1)!.Move), isTold: false);
        world["n1"].Look(world.Map);
        var given = Assert.IsType<ShardGivenAway>(Assert.Single(world["n1"].Follow(Partitioning.Range)));
        Assert.Equal(3, world["n1"].Departing[(Partitioning.Range, 1)].Sent);
        Assert.Null(world["n1"].Step(Partitioning.Range, 1, world.Now));
        world.Persist("n1", given);
        Assert.Empty(world["n1"].Departing);
    }

    [Fact]
    public void A_call_that_is_sent_again_to_the_next_owner_takes_effect_once()
    {
        world.Ask(new OpenTable(["n1"]));
        world.Call("n1", world.Put(1, "k", "one"));
        world.Call("n1", world.Put(1, "k", "two", client: "d"));
        MoveTo("n2");

        var again = world.Call("n2", world.Put(1, "k", "one"));
        Assert.Equal((null, 1L), (again.Event, again.Reply!.Version));
        Assert.Equal("two", world["n2"].Decide(world.Get("k")).Reply!.Value);
    }

    [Fact]
    public void What_the_client_has_answers_to_is_forgotten_and_late_copies_of_it_do_nothing()
    {
        world.Ask(new OpenTable(["n1"]));
        world.Call("n1", world.Put(1, "k", "one"));
        world.Call("n1", world.Put(2, "k", "two") with { FirstOpen = 2 });

        Assert.Equal(OwnerMove.Nothing, world["n1"].Decide(world.Put(1, "k", "one")));
        Assert.Single(world["n1"].Find(Partitioning.Range, 1)!.Entries["k"].Clients.Single().Done);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void An_owner_that_dies_in_the_middle_of_a_move_begins_the_copy_anew_and_loses_nothing(int stepsBefore)
    {
        Fill(3);
        world.Ask(new BeginMove(1, 1, "n2"));
        for (var i = 0; i < stepsBefore; i++)
        {
            world.Step("n1", 1);
        }

        world.Restart("n1");
        world.Restart("n2");
        world.Tell("n1");
        world.Tell("n2");
        for (var i = 0; i < 10 && world.Map.Find(1)!.Owner == "n1"; i++)
        {
            world.Step("n1", 1);
        }

        Assert.Equal("n2", world.Map.Find(1)!.Owner);
        Assert.Equal("v0 v1 v2", string.Join(" ", Enumerable.Range(0, 3).Select(i => world["n2"].Decide(world.Get($"k{i:000}")).Reply!.Value)));
        Assert.Empty(world["n1"].Held);
    }

    [Fact]
    public void Between_the_commit_in_the_map_and_the_word_of_it_nobody_serves()
    {
        Fill(1);
        world.Ask(new BeginMove(1, 1, "n2"));
        Assert.Equal("batch of 1, closed", $"{world.Step("n1", 1)}, {world.Step("n1", 1)}");
        var old = world.Map.Find("a")!;
        world.Ask(new CommitMove(1, world.Map.Find(1)!.Move), isTold: false);

        Assert.True(world["n1"].Decide(world.Get("k000", by: old)).Wait);
        Assert.True(world["n2"].Decide(world.Get("k000")).Wait);
        world.Restart("n1");
        Assert.True(world["n1"].Decide(world.Get("k000", by: old)).Wait); // It remembers that it has closed.
        world.Tell("n2");
        Assert.Equal("v0", world["n2"].Decide(world.Get("k000")).Reply!.Value);
    }

    [Fact]
    public void A_move_that_stalls_is_given_up_and_the_shard_serves_on()
    {
        Fill(3);
        world.Ask(new BeginMove(1, 1, "n2"));
        Assert.NotNull(world["n1"].Step(Partitioning.Range, 1, world.Now)); // It is on its way, and nobody answers.
        world.Now += Departure.Stalled + TimeSpan.FromSeconds(1);

        Assert.Equal("aborted", world.Step("n1", 1));
        Assert.Empty(world["n1"].Departing);
        Assert.Equal("v1", world["n1"].Decide(world.Get("k001")).Reply!.Value);
        Assert.NotNull(world.Call("n1", world.Put(9, "k001", "new")).Event);
    }

    [Fact]
    public void A_batch_that_comes_late_makes_no_key_older()
    {
        Fill(1);
        world.Ask(new BeginMove(1, 1, "n2"));
        var batch = (ShardBatch)world["n1"].Step(Partitioning.Range, 1, world.Now)!;
        world.Call("n1", world.Put(9, "k000", "newer"));
        world.Step("n1", 1);
        while (world.Map.Find(1)!.Owner == "n1")
        {
            world.Persist("n2", new BatchReceived(batch.Table, batch.Shard, batch.Move, batch.Entries));
            world.Step("n1", 1);
        }

        Assert.False(world["n2"].MayArrive(batch));
        Assert.Equal("newer", world["n2"].Decide(world.Get("k000")).Reply!.Value);
    }

    [Fact]
    public void A_shard_whose_disk_is_gone_is_not_taken_for_an_empty_one()
    {
        Fill(3);
        world.Ask(new ConfirmShard(1, "n1"));
        var fresh = new OwnerCore("n1", () => default);
        fresh.Look(world.Map);

        Assert.Empty(fresh.Follow(Partitioning.Range));
        Assert.Contains("lost its disk", fresh.Decide(world.Get("k000")).Refusal, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_the_epoch_check_two_nodes_serve_one_shard()
    {
        var broken = new OwnerCore("n1", () => default, checksEpochs: false);
        Fill(1);
        var old = world.Map.Find("a")!;
        broken.Restore(world["n1"].Snapshot());
        MoveTo("n2");
        broken.Look(world.Map);
        Assert.All(broken.Follow(Partitioning.Range), broken.Apply);

        Assert.Equal("v0", broken.Decide(world.Get("k000", by: old)).Reply!.Value);
        Assert.Equal("v0", world["n2"].Decide(world.Get("k000")).Reply!.Value);
    }

    private void Fill(int keys)
    {
        world.Ask(new OpenTable(["n1"]));
        for (var i = 0; i < keys; i++)
        {
            world.Call("n1", world.Put(i + 1, $"k{i:000}", $"v{i}"));
        }
    }

    private void MoveTo(string node)
    {
        var row = world.Map.Find(1)!;
        world.Ask(new BeginMove(1, row.Epoch, node));
        while (world.Map.Find(1)!.Owner != node)
        {
            Assert.NotNull(world.Step(row.Owner, 1));
        }
    }
}
