namespace Cluster.Modes.Sharded.Balancing;

/// <summary>
/// Finds hot shards and uneven nodes, and says what to do about the worst: one order at a time. A shard is hot when it has more to do than a good part of what a node's fair share of its table is; it is split where its own load is
/// halved, and halves are moved to where there is room (Bigtable, 2006, 5.2 and 5.3; Slicer, Adya et al. 2016, 4.4).
/// </summary>
internal static class BalancerCore
{
    /// <summary>Below that a table has no load worth moving keys for.</summary>
    public const double LeastCallsPerSecond = 20;

    /// <summary>Of a node's fair share: a shard with more is hot. Halves are then small enough to be dealt out evenly.</summary>
    public const double HotShare = 0.6;

    /// <summary>Of a node's fair share: nodes that differ by less are even. Above what chance makes of some hundred calls.</summary>
    public const double UnevenShare = 0.35;

    /// <param name="reports">The last of each node.</param>
    /// <param name="nodes">That may be given shards.</param>
    /// <param name="leaving">That are still there and must be emptied.</param>
    public static BalanceOrder? Decide(IReadOnlyList<LoadReport> reports, IReadOnlyList<string> nodes, IReadOnlyList<string> leaving)
    {
        var loads = reports.SelectMany(report => report.Shards.Select(load => (report.Node, Load: load))).ToList();
        if (nodes.Count == 0 || loads.Exists(one => one.Load.IsMoving))
        {
            return null; // One move at a time: two would take their disks and links from each other.
        }

        if (loads.Find(one => leaving.Contains(one.Node)) is { Node: { } } drained)
        {
            return new BalanceOrder(drained.Node, drained.Load.Table, drained.Load.Shard, Idlest(loads, nodes, drained.Load.Table));
        }

        return Partitioning.Tables.Select(table => Of([.. loads.Where(one => one.Load.Table == table && nodes.Contains(one.Node))], nodes, table)).FirstOrDefault(order => order is not null);
    }

    /// <summary>Whether a shard has too much to do, beside the others of its table.</summary>
    public static bool IsHot(ShardLoad load, double tableCallsPerSecond, int nodes) => tableCallsPerSecond >= LeastCallsPerSecond && load.CallsPerSecond > HotShare * tableCallsPerSecond / nodes;

    private static BalanceOrder? Of(List<(string Node, ShardLoad Load)> loads, IReadOnlyList<string> nodes, string table)
    {
        var total = loads.Sum(one => one.Load.CallsPerSecond);
        if (total < LeastCallsPerSecond)
        {
            return null;
        }

        var hottest = loads.Where(one => one.Load.CanSplit && IsHot(one.Load, total, nodes.Count)).OrderByDescending(one => one.Load.CallsPerSecond).ToList();
        if (hottest.Count > 0 && loads.Count < Map.MapDecider.MostShards)
        {
            return new BalanceOrder(hottest[0].Node, table, hottest[0].Load.Shard, null);
        }

        var busiest = nodes.MaxBy(node => Sum(loads, node))!;
        var idlest = Idlest(loads, nodes, table);
        var difference = Sum(loads, busiest) - Sum(loads, idlest);
        if (difference < UnevenShare * total / nodes.Count)
        {
            return null;
        }

        // What makes the two most alike; what would only make the other one the busiest helps nobody.
        var movable = loads.Where(one => one.Node == busiest && one.Load.CallsPerSecond > 0 && one.Load.CallsPerSecond < difference).ToList();
        return movable.Count == 0 ? null : new BalanceOrder(busiest, table, movable.MinBy(one => Math.Abs(difference - (2 * one.Load.CallsPerSecond))).Load.Shard, idlest);
    }

    private static double Sum(List<(string Node, ShardLoad Load)> loads, string node) => loads.Where(one => one.Node == node).Sum(one => one.Load.CallsPerSecond);

    private static string Idlest(List<(string Node, ShardLoad Load)> loads, IReadOnlyList<string> nodes, string table) =>
        nodes.MinBy(node => loads.Where(one => one.Node == node && one.Load.Table == table).Sum(one => one.Load.CallsPerSecond))!;
}
