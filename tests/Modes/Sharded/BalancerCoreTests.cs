using Cluster.Modes.Sharded;
using Cluster.Modes.Sharded.Balancing;
using Cluster.Modes.Sharded.Map;
using Cluster.Modes.Sharded.Owner;

namespace Cluster.Modes.Tests.Sharded;

/// <summary>Which shard is hot, where it is cut, and what is moved.</summary>
public class BalancerCoreTests
{
    private static readonly string[] Nodes = ["n1", "n2", "n3"];

    [Fact]
    public void A_hot_shard_is_split() => Assert.Equal(new BalanceOrder("n1", "range", 1, null), Decide(Of("n1", (1, 300)), Of("n2"), Of("n3")));

    [Fact]
    public void A_shard_of_one_hot_key_is_not_split_and_not_moved_to_and_fro() =>
        Assert.Null(BalancerCore.Decide([new LoadReport("n1", [new ShardLoad("range", 1, 1, 300, 1, 1, CanSplit: false)])], Nodes, []));

    [Fact]
    public void The_busiest_node_gives_the_idlest_what_makes_them_most_alike() =>
        Assert.Equal(new BalanceOrder("n1", "range", 3, "n3"), Decide(Of("n1", (1, 35), (2, 10), (3, 30), (4, 25)), Of("n2", (5, 30), (6, 30), (7, 30)), Of("n3", (8, 30), (9, 10))));

    [Fact]
    public void Even_nodes_and_idle_tables_are_left_alone()
    {
        Assert.Null(Decide(Of("n1", (1, 52), (2, 48)), Of("n2", (3, 50), (4, 45)), Of("n3", (5, 55), (6, 50))));
        Assert.Null(Decide(Of("n1", (1, 5)), Of("n2"), Of("n3")));
    }

    [Fact]
    public void Nothing_is_begun_while_a_shard_is_on_the_move() =>
        Assert.Null(BalancerCore.Decide([new LoadReport("n1", [new ShardLoad("range", 1, 1, 300, 9, 0.1, true), new ShardLoad("hash", 2, 1, 1, 9, 0.1, true) { IsMoving = true }])], Nodes, []));

    [Fact]
    public void A_node_that_leaves_is_emptied_first() =>
        Assert.Equal(new BalanceOrder("n4", "range", 7, "n2"), Decide(leaving: ["n4"], Of("n1", (1, 300)), Of("n3", (2, 20)), Of("n4", (7, 0))));

    [Fact]
    public void Orders_end_in_a_table_that_is_even()
    {
        // One shard with the load of a whole table on one of three nodes, in a model: splits halve, moves move.
        var shards = new Dictionary<int, (string Node, double Calls)> { [1] = ("n1", 900) };
        var orders = 0;
        for (; Decide([.. Nodes.Select(node => Of(node, [.. shards.Where(shard => shard.Value.Node == node).Select(shard => (shard.Key, shard.Value.Calls))]))]) is { } order; orders++)
        {
            Assert.True(orders < 40, "it does not come to rest");
            var (owner, calls) = shards[order.Shard];
            Assert.Equal(owner, order.Owner);
            shards[order.Shard] = order.To is { } to ? (to, calls) : (owner, calls / 2);
            if (order.To is null)
            {
                shards[shards.Keys.Max() + 1] = (owner, calls / 2);
            }
        }

        Assert.InRange(shards.Count, 6, 12);
        Assert.All(Nodes, node => Assert.InRange(shards.Values.Where(shard => shard.Node == node).Sum(shard => shard.Calls), 200, 420));
    }

    [Fact]
    public void A_cut_halves_the_load_and_not_the_keys()
    {
        var counter = new LoadCounter();
        foreach (var (place, calls) in new[] { ("a", 60), ("b", 5), ("c", 5), ("d", 20), ("e", 30) })
        {
            for (var i = 0; i < calls; i++)
            {
                counter.Count(place);
            }
        }

        var row = new ShardRow(1, "", null, "n1", 1);
        Assert.Equal("b", counter.Cut(row)!.At);
        Assert.Equal(["b", "c", "d", "e"], counter.Cut(row with { Groups = [], IsRest = true })!.Groups!);
        Assert.Null(new LoadCounter().Cut(row));
    }

    private static LoadReport Of(string node, params (int Shard, double Calls)[] shards) =>
        new(node, [.. shards.Select(shard => new ShardLoad("range", shard.Shard, 1, shard.Calls, 10, 0.2, CanSplit: true))]);

    private static BalanceOrder? Decide(params LoadReport[] reports) => BalancerCore.Decide(reports, Nodes, []);

    private static BalanceOrder? Decide(string[] leaving, params LoadReport[] reports) => BalancerCore.Decide(reports, Nodes, leaving);
}
