using Cluster.Lab.Histories;
using Cluster.Modes.Quorum;

namespace Cluster.Modes.Tests.Quorum;

/// <summary>A write with a context replaces all that the context saw, also where quorums do not meet and whoever numbers it is behind; or it writes nothing.</summary>
public class ContextWriteTests
{
    private static readonly QuorumDial Default = new(2, 2, Sloppy: false);
    private static readonly QuorumDial One = new(1, 1, Sloppy: false);

    [Fact]
    public void A_write_through_a_copy_that_has_an_older_register_is_not_lost()
    {
        var (world, seen) = WithNewerRegisterAt("n2");

        var outcome = world.Do(QuorumOperation.Put, "k", One, "v3", "n1", seen);

        Assert.Null(outcome.Error);
        Assert.Equal(["v3"], InTheEnd(world));
    }

    [Fact]
    public void A_write_through_a_copy_that_has_not_seen_a_version_replaces_it_all_the_same()
    {
        var world = new QuorumWorld(3);
        world.Away.UnionWith(["n3"]);
        world.Do(QuorumOperation.Put, "k", One, "tea", "n1", ClientContext.Nothing);
        world.Away.Clear();
        var seen = ClientContext.Of(world.Do(QuorumOperation.Get, "k", One, coordinator: "n1").State);

        world.Do(QuorumOperation.Put, "k", One, "tea and milk", "n3", seen);

        Assert.Equal(["tea and milk"], InTheEnd(world));
    }

    [Fact]
    public void A_write_is_refused_and_nothing_is_written_while_nobody_who_answers_has_what_its_context_saw()
    {
        var (world, seen) = WithNewerRegisterAt("n2");
        world.Away.Add("n2");

        var id = world.Begin(QuorumOperation.Put, "k", One, "v3", "n1", context: seen);
        world.Settle();
        world.Tick(id);
        world.Settle();

        Assert.True(world.Find(id).HadNoEffect);
        Assert.Contains("has all that the context saw", world.Find(id).Waiting(), StringComparison.Ordinal);
        Assert.All(["n1", "n3"], node => Assert.Equal("v1", world.Replicas[node].Known("k").Winner!.Value.Value));

        world.Away.Clear();
        world.Tick(id);
        world.Settle();
        Assert.Null(world.Ended[id].Error);
        Assert.Equal(["v3"], InTheEnd(world));
    }

    [Theory]
    [InlineData("|n9=999")]
    [InlineData("999;n9;1|")]
    public void A_made_up_context_writes_nothing(string text)
    {
        var world = new QuorumWorld(3);
        world.Do(QuorumOperation.Put, "k", Default, "v1");
        Assert.True(ClientContext.TryParse(text, out var madeUp));

        var id = world.Begin(QuorumOperation.Put, "k", Default, "v2", "n1", context: madeUp);
        world.Settle();
        world.GiveUp(id);
        world.Settle();

        Assert.Equal(Outcome.Fail, world.History.Operations[^1].Outcome);
        Assert.Equal(["v1"], InTheEnd(world));
    }

    [Fact]
    public void A_version_is_later_than_what_came_to_its_numberer_since_it_was_asked()
    {
        var world = new QuorumWorld(3);
        world.Do(QuorumOperation.Put, "k", Default, "v1");
        var seen = ClientContext.Of(world.Replicas["n1"].Known("k"));
        var id = world.Begin(QuorumOperation.Put, "k", One, "v2", "n1", context: seen);
        while (world.Wire.Count > 0 && world.Wire[0].Message is not AddVersion)
        {
            world.Deliver(0);
        }

        world.Apply(world.Replicas["n1"], new StateJoined("k", KeyState.Written(new Tag(9, "n3", 9), "plain")));
        world.Settle();

        Assert.Equal("v2", world.Replicas["n1"].Known("k").Winner!.Value.Value);
        Assert.Equal("10@n1", world.Ended[id].Written!.ToString());
    }

    /// <summary>All have v1; v2 is at that node only, and a client has read it there.</summary>
    private static (QuorumWorld World, ClientContext Seen) WithNewerRegisterAt(string node)
    {
        var world = new QuorumWorld(3);
        world.Do(QuorumOperation.Put, "k", Default, "v1");
        var newer = KeyState.Written(new Tag(5, node, 5), "v2");
        world.Apply(world.Replicas[node], new StateJoined("k", newer));
        return (world, ClientContext.Of(newer));
    }

    /// <summary>What stands when all copies have been brought together.</summary>
    private static IEnumerable<string?> InTheEnd(QuorumWorld world) =>
        world.Replicas.Values.Aggregate(KeyState.None, (known, replica) => known.Join(replica.Known("k"))).Standing.Select(stands => stands.Value);
}
