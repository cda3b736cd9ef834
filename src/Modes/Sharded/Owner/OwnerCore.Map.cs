using Cluster.Modes.Sharded.Map;

namespace Cluster.Modes.Sharded.Owner;

/// <summary>What the map makes of the shards. The map decides; this node carries out what it has not yet, one event a shard at a time.</summary>
internal sealed partial class OwnerCore
{
    /// <summary>Shards of which an event is on its way to the disk: what else follows from the map waits for it.</summary>
    private readonly HashSet<(string Table, int Shard)> underWay = [];

    /// <summary>Takes note of a map; an older one than is known is nothing. Then ask <see cref="Follow"/>.</summary>
    public void Look(ShardMap map)
    {
        if (map.Epoch > MapOf(map.Table).Epoch)
        {
            maps[map.Table] = map;
        }
    }

    /// <summary>The events that follow from the map of a table and are not under way yet: make them durable in this order, apply each, and ask again.</summary>
    public IReadOnlyList<object> Follow(string table)
    {
        var map = MapOf(table);
        var events = new List<object>();
        foreach (var row in map.Rows.Where(row => !underWay.Contains((table, row.Shard))))
        {
            if ((row.Owner == node ? Mine(map, row) : NotMine(table, row)) is { } happens)
            {
                events.Add(happens);
                underWay.Add((table, row.Shard));
            }
        }

        Depart(map);
        return events;
    }

    /// <summary>A shard of this node that the map calls new, and that is on this disk by now; null: none.</summary>
    public ShardRow? Unconfirmed(string table) => MapOf(table).Rows.FirstOrDefault(row => row.IsNew && row.Owner == node && held.ContainsKey((table, row.Shard)));

    /// <summary>Whether the shard may be on its way here, as the newest map that was looked at says.</summary>
    public bool MayArrive(ShardBatch batch)
    {
        var map = MapOf(batch.Table);
        return map.Epoch < batch.Move || (map.Find(batch.Shard) is { } row && row.Move == batch.Move && row.MovingTo == node);
    }

    private object? Mine(ShardMap map, ShardRow row)
    {
        var at = (map.Table, row.Shard);
        var arrived = arriving.TryGetValue(at, out var arrival) && arrival.Move == row.Move && row.MovingTo is null;
        if (held.TryGetValue(at, out var shard))
        {
            return arrived && shard.Row.Epoch < row.Epoch ? new ShardAdopted(map.Table, row) // It comes back to one that went on serving: the broken variant's.
                : row.MovingTo is null && !shard.Serves ? new SwitchEnded(map.Table, row.Shard)
                : null;
        }

        if (arrived || row is { IsNew: true, Parent: null })
        {
            return new ShardAdopted(map.Table, row);
        }

        if (row is { Parent: { } parent, Move: 0 } && map.Find(parent) is { } left && Find(map.Table, parent) is { } whole && whole.Row.Epoch < row.Epoch)
        {
            return underWay.Add((map.Table, parent)) ? new ShardSplit(map.Table, left, row) : null;
        }

        lost.Add(at);
        return null;
    }

    private object? NotMine(string table, ShardRow row)
    {
        var at = (table, row.Shard);
        if (held.TryGetValue(at, out var shard) && shard.Row.Epoch < row.Epoch)
        {
            return new ShardGivenAway(table, row.Shard, row.Epoch, row.Owner);
        }

        return arriving.TryGetValue(at, out var arrival) && (row.Move > arrival.Move || (row.Move == arrival.Move && row.MovingTo != node)) ? new ArrivalDropped(table, row.Shard) : null;
    }
}
