using Cluster.Engine.Port;
using Cluster.Modes.Sharded;
using Cluster.Modes.Sharded.Map;

namespace Cluster.Modes.Tests.Sharded;

/// <summary>The shard map: what each command changes, and that nothing does that comes late.</summary>
public class MapDeciderTests
{
    private static readonly MapDecider Decider = new();

    private ShardMap map = ShardMap.Unknown;

    [Fact]
    public void The_hash_table_begins_cut_and_every_slot_has_one_shard()
    {
        Ask(Partitioning.Hash, new OpenTable(["n1", "n2", "n3"]));

        Assert.Equal(["n1", "n2", "n3", "n1", "n2", "n3"], map.Rows.Select(row => row.Owner));
        Assert.All(Enumerable.Range(0, 16_384).Select(Partitioning.Slot), place => Assert.Single(map.Rows, row => row.Covers(place)));
    }

    [Theory]
    [InlineData(Partitioning.Range)]
    [InlineData(Partitioning.List)]
    public void The_other_tables_begin_whole(string table)
    {
        Ask(table, new OpenTable(["n1", "n2"]));

        Assert.Equal("n1", Assert.Single(map.Rows).Owner);
        Assert.All(["", "a", "ä", "z:z"], place => Assert.True(map.Rows[0].Covers(place)));
    }

    [Fact]
    public void A_table_is_opened_once()
    {
        Ask(Partitioning.Range, new OpenTable(["n1"]));
        Ask(Partitioning.Range, new OpenTable(["n2"]));

        Assert.Equal(("n1", 1L), (map.Rows[0].Owner, map.Epoch));
    }

    [Fact]
    public void A_split_leaves_every_place_with_one_shard_and_raises_both_epochs()
    {
        Ask(Partitioning.Range, new OpenTable(["n1"]));
        Ask(Partitioning.Range, new SplitRow(1, 1, "m", null));

        Assert.Equal(["1 [, m) 2 ", "2 [m, end) 2 1"], map.Rows.Select(row => $"{row.Shard} {row.Words} {row.Epoch} {row.Parent}"));
        Ask(Partitioning.Range, new SplitRow(1, 1, "c", null));
        Assert.Equal(2, map.Epoch); // It came late: the shard has another epoch by now.
        Ask(Partitioning.Range, new SplitRow(1, 2, "x", null));
        Assert.Equal(2, map.Epoch); // Not its place.
    }

    [Fact]
    public void Groups_are_taken_out_of_the_rest_and_out_of_each_other()
    {
        Ask(Partitioning.List, new OpenTable(["n1"]));
        Ask(Partitioning.List, new SplitRow(1, 1, null, ["de", "fr", "it"]));
        Ask(Partitioning.List, new SplitRow(2, 2, null, ["it"]));

        Assert.Equal(["all groups but de, fr, it", "groups de, fr", "groups it"], map.Rows.Select(row => row.Words));
        Assert.All(["de", "fr", "it", "es", ""], group => Assert.Single(map.Rows, row => row.Covers(group)));
        Ask(Partitioning.List, new SplitRow(3, 3, null, ["it"]));
        Assert.Equal(3, map.Epoch); // Nothing would be left.
    }

    [Fact]
    public void A_move_has_one_end()
    {
        Ask(Partitioning.Range, new OpenTable(["n1", "n2"]));
        Ask(Partitioning.Range, new BeginMove(1, 1, "n2"));
        Assert.Equal(("n1", 1L, "n2", 2L), (map.Rows[0].Owner, map.Rows[0].Epoch, map.Rows[0].MovingTo, map.Rows[0].Move));
        Ask(Partitioning.Range, new SplitRow(1, 1, "m", null));
        Ask(Partitioning.Range, new BeginMove(1, 1, "n3"));
        Assert.Equal(2, map.Epoch); // One thing at a time.

        Ask(Partitioning.Range, new AbortMove(1, 2));
        Ask(Partitioning.Range, new CommitMove(1, 2));
        Assert.Equal(("n1", 1L, (string?)null), (map.Rows[0].Owner, map.Rows[0].Epoch, map.Rows[0].MovingTo)); // The commit came too late.

        Ask(Partitioning.Range, new BeginMove(1, 1, "n2"));
        Ask(Partitioning.Range, new CommitMove(1, 4));
        Ask(Partitioning.Range, new AbortMove(1, 4));
        Assert.Equal(("n2", 5L, (string?)null), (map.Rows[0].Owner, map.Rows[0].Epoch, map.Rows[0].MovingTo)); // So did this abort.
    }

    [Fact]
    public void On_a_join_modulo_gives_three_of_four_keys_another_owner_and_the_map_gives_none()
    {
        string[] three = ["n1", "n2", "n3"], four = ["n1", "n2", "n3", "n4"];

        Assert.InRange(ModuloRouting.Moved(three, four) / 16_384.0, 0.74, 0.76);
        Assert.InRange(ModuloRouting.Moved(three, ["n1", "n2"]) / 16_384.0, 0.66, 0.67);
        Assert.Equal(0, ModuloRouting.Moved(three, three));
        Ask(Partitioning.Hash, new OpenTable(three));
        var before = map.Rows.Select(row => row.Owner).ToList();
        Ask(Partitioning.Hash, new OpenTable(four));
        Assert.Equal(before, map.Rows.Select(row => row.Owner)); // Shards move when the balancer says so, a few at a time.
    }

    private void Ask(string table, MapCommand command)
    {
        var decided = Decider.Decide(map, command, new EntityContext(table, default));
        foreach (var happened in decided.Events)
        {
            map = Decider.Apply(map, happened);
        }

        Assert.Equal(map.Rows, ((ShardMap)decided.Reply!).Rows);
    }
}
