using Cluster.Modes.Sharded;
using Cluster.Modes.Sharded.Owner;

namespace Cluster.Modes.Tests.Sharded;

/// <summary>What an owner has denied it goes on denying, and what it cannot take now it does not deny.</summary>
public class OwnerDenialTests
{
    private readonly OwnersWorld world = new("n1", "n2");

    public OwnerDenialTests()
    {
        world.Ask(new OpenTable(["n1"]));
        world.Call("n1", world.Put(1, "k", "one"));
    }

    [Fact]
    public void A_comparison_that_failed_is_answered_the_same_when_it_is_sent_again_and_would_hold()
    {
        var denied = Deny();
        world.Call("n1", world.Put(2, "k", "two"));

        Assert.Equal(denied, world.Answer("n1", world.Compare(1, "k", "two", "three")));
        Assert.Equal("two", world["n1"].Decide(world.Get("k")).Reply!.Value);
    }

    [Fact]
    public void A_comparison_with_a_key_that_is_not_there_has_failed_for_good_too_and_the_key_is_still_not_there()
    {
        var denied = world.Answer("n1", world.Compare(1, "new", "two", "three"));
        Assert.Equal((null, 0L), Read("n1", "new"));
        world.Call("n1", world.Put(2, "new", "two"));

        Assert.True(denied!.IsConflict);
        Assert.Equal(denied, world.Answer("n1", world.Compare(1, "new", "two", "three")));
        Assert.Equal(("two", 1L), Read("n1", "new"));
    }

    [Fact]
    public void A_comparison_whose_denial_is_on_its_way_to_the_disk_is_answered_behind_it_and_not_judged_again()
    {
        var denial = world["n1"].Decide(world.Compare(1, "k", "two", "three")).Event!;
        var put = world["n1"].Decide(world.Put(2, "k", "two")).Event!;

        Assert.Equal(new OwnerMove(Reply: denial.Entry.AnswerTo(world.Compare(1, "k", "two", "three")), Durably: true), world["n1"].Decide(world.Compare(1, "k", "two", "three")));
        world.Persist("n1", denial);
        world.Persist("n1", put);
        Assert.Equal(("two", 2L), Read("n1", "k"));
    }

    [Fact]
    public void A_comparison_that_failed_is_forgotten_once_its_client_has_the_answer_and_a_late_copy_of_it_does_nothing()
    {
        Deny();
        world.Answer("n1", world.Compare(2, "k", "one", "two") with { FirstOpen = 2 });

        Assert.Equal(OwnerMove.Nothing, world["n1"].Decide(world.Compare(1, "k", "two", "three")));
        Assert.Single(world["n1"].Find(Partitioning.Range, 1)!.Entries["k"].Clients.Single(client => client.Client == "d").Done);
    }

    [Fact]
    public void A_comparison_that_failed_has_failed_after_a_restart_too()
    {
        var denied = Deny();
        world.Call("n1", world.Put(2, "k", "two"));
        world.Restart("n1");
        world.Tell("n1");

        Assert.Equal(denied, world.Answer("n1", world.Compare(1, "k", "two", "three")));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void A_comparison_that_failed_has_failed_at_the_next_owner_too(int stepsBefore)
    {
        world.Ask(new BeginMove(1, 1, "n2"));
        for (var i = 0; i < stepsBefore; i++)
        {
            Assert.Equal("batch of 1", world.Step("n1", 1)); // The key is there already when the comparison fails, and at the same version.
        }

        var denied = Deny();
        MoveOn();
        world.Call("n2", world.Put(2, "k", "two"));

        Assert.Equal(denied, world.Answer("n2", world.Compare(1, "k", "two", "three")));
        Assert.Equal(("two", 2L), Read("n2", "k"));
    }

    [Fact]
    public void A_batch_that_comes_late_takes_no_denial_back()
    {
        world.Ask(new BeginMove(1, 1, "n2"));
        var late = (ShardBatch)world["n1"].Step(Partitioning.Range, 1, world.Now)!;
        world.Step("n1", 1);
        var denied = Deny();
        Assert.Equal("closed, batch of 1", $"{world.Step("n1", 1)}, {world.Step("n1", 1)}");
        world.Persist("n2", new BatchReceived(late.Table, late.Shard, late.Move, late.Entries));
        MoveOn();
        world.Call("n2", world.Put(2, "k", "two"));

        Assert.Equal(denied, world.Answer("n2", world.Compare(1, "k", "two", "three")));
    }

    [Fact]
    public void While_the_disk_has_no_room_no_write_is_begun_and_none_is_refused()
    {
        var owner = world["n1"];
        var first = world.Put(2, "k", "two");
        var underWay = owner.Decide(first).Event!;

        Assert.Equal(OwnerMove.Nothing, owner.Decide(first, hasRoom: false)); // To be refused, it must not take effect: it will.
        Assert.Equal(OwnerMove.Nothing, owner.Decide(world.Put(3, "k", "three"), hasRoom: false)); // Nor this one: a copy of it may come when there is room.
        Assert.Equal(OwnerMove.Nothing, owner.Decide(world.Compare(1, "k", "three", "four"), hasRoom: false));
        Assert.Equal("one", owner.Decide(world.Get("k"), hasRoom: false).Reply!.Value);
        world.Persist("n1", underWay);
        Assert.Equal(3, world.Answer("n1", world.Put(3, "k", "three"))!.Version);
    }

    private (string? Value, long Version) Read(string node, string key) => world[node].Decide(world.Get(key)).Reply is { } reply ? (reply.Value, reply.Version) : default;

    private ShardAnswer Deny()
    {
        var denied = world.Answer("n1", world.Compare(1, "k", "two", "three"))!;
        Assert.True(denied.IsConflict);
        return denied;
    }

    private void MoveOn()
    {
        while (world.Map.Find(1)!.Owner == "n1")
        {
            Assert.NotNull(world.Step("n1", 1));
        }
    }
}
