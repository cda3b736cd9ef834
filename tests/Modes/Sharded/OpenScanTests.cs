using Cluster.Modes.Sharded;
using Cluster.Modes.Sharded.Map;
using Cluster.Modes.Sharded.Owner;

namespace Cluster.Modes.Tests.Sharded;

/// <summary>Scans over several shards of several owners: every key once, in order, whatever the table and the size of pages.</summary>
public class OpenScanTests
{
    [Theory]
    [InlineData(Partitioning.Range, 1)]
    [InlineData(Partitioning.Range, 7)]
    [InlineData(Partitioning.Hash, 1)]
    [InlineData(Partitioning.Hash, 7)]
    [InlineData(Partitioning.List, 3)]
    public void Pages_give_every_key_once_and_in_order(string table, int limit)
    {
        var (map, owners) = Filled(table, 40);

        Assert.Equal(Enumerable.Range(0, 40).Select(Key), All(map, owners, table, "", limit));
        Assert.Equal(Enumerable.Range(10, 10).Select(Key), All(map, owners, table, "k1", limit));
        Assert.Empty(All(map, owners, table, "z", limit));
    }

    [Fact]
    public void A_range_scan_asks_only_the_shards_that_have_the_keys()
    {
        var (map, owners) = Filled(Partitioning.Range, 40);
        var asked = new List<int>();

        Page(map, owners, new OpenScan(Partitioning.Range, "k3", "", 5), asked);
        Assert.Equal([2], asked);
        asked.Clear();
        Page(map, owners, new OpenScan(Partitioning.Range, "", "", 5), asked);
        Assert.Equal([1], asked);
    }

    private static string Key(int number) => $"k{number:00}";

    private static (ShardMap Map, Dictionary<string, OwnerCore> Owners) Filled(string table, int keys)
    {
        var decider = new MapDecider();
        var map = decider.Decide(ShardMap.Unknown, new OpenTable(["n1", "n2"]), new(table, default)).Reply as ShardMap;
        map = decider.Decide(map!, new SplitRow(1, 1, table == Partitioning.Range ? "k20" : Partitioning.Slot(99), table == Partitioning.List ? ["k05", "k33"] : null), new(table, default)).Reply as ShardMap;
        var owners = new[] { "n1", "n2" }.ToDictionary(node => node, node => new OwnerCore(node, () => default));
        foreach (var owner in owners.Values)
        {
            owner.Restore(new OwnerSnapshot([.. map!.Rows.Select(row => new ShardSnapshot(table, row, null, []))], []));
        }

        for (var i = 0; i < keys; i++)
        {
            var row = map!.Find(Partitioning.PlaceOf(table, Key(i)))!;
            owners[row.Owner].Apply(owners[row.Owner].Decide(new ShardCall("c", i + 1, 1, table, row.Shard, row.Epoch, ShardOperation.Put, Key(i), "v")).Event!);
        }

        return (map!, owners);
    }

    private static List<string> All(ShardMap map, Dictionary<string, OwnerCore> owners, string table, string prefix, int limit)
    {
        var (all, after, more) = (new List<string>(), "", true);
        while (more)
        {
            var answer = Page(map, owners, new OpenScan(table, prefix, after, limit), []);
            Assert.InRange(answer.Keys.Count, 0, limit);
            all.AddRange(answer.Keys.Select(key => key.Key));
            (after, more) = (all.Count > 0 ? all[^1] : "", answer.HasMore);
        }

        return all;
    }

    private static Modes.Storage.StoredKeys Page(ShardMap map, Dictionary<string, OwnerCore> owners, OpenScan scan, List<int> asked)
    {
        scan.Begin(map);
        while (scan.Next(1) is (var owner, var page))
        {
            asked.Add(page.Shard);
            scan.Take(owners[owner].Scan(page).Page!);
        }

        return scan.Answer;
    }
}
