using Cluster.Modes.Sharded.Map;

namespace Cluster.Modes.Sharded.Owner;

/// <summary>Shards that leave this node: the owner alone drives the move, and asks the map to commit it only when the other node has every key on its disk and nobody is served here any more.</summary>
internal sealed partial class OwnerCore
{
    private readonly Dictionary<(string Table, int Shard), Departure> departing = [];
    private long batches;

    public IReadOnlyDictionary<(string Table, int Shard), Departure> Departing => departing;

    /// <summary>What is to be done about a departure now; null: wait.</summary>
    /// <returns>A <see cref="ShardBatch"/> or a <see cref="CommitMove"/> to send, a <see cref="SwitchBegun"/> to make durable and apply, or an <see cref="AbortMove"/> to send.</returns>
    public object? Step(string table, int number, TimeSpan now)
    {
        if (!departing.TryGetValue((table, number), out var departure) || Find(table, number) is not { } shard || MapOf(table).Find(number)?.Owner != node)
        {
            return null;
        }

        if (departure.InFlight is { } batch)
        {
            return now - departure.LastProgress > Departure.Stalled ? new AbortMove(number, departure.Move) : batch;
        }

        if (departure.IsNearlyThrough && shard.Serves)
        {
            shard.IsClosing = true;
            departure.ClosedAt = now;
            underWay.Add((table, number));
            return new SwitchBegun(table, number, departure.Move);
        }

        return departure.Fill(table, shard, ++batches) ?? (shard.Switching == departure.Move && departure.IsAllStored ? new CommitMove(number, departure.Move) : (object?)null);
    }

    /// <summary>Whether that batch was the one under way.</summary>
    public bool Stored(BatchStored stored, TimeSpan now) => departing.TryGetValue((stored.Table, stored.Shard), out var departure) && departure.Move == stored.Move && departure.Stored(stored.Batch, now);

    private void Depart(ShardMap map)
    {
        // One that has arrived is forgotten with the shard itself: until then it tells what it took.
        foreach (var row in map.Rows.Where(row => row.Owner == node))
        {
            var at = (map.Table, row.Shard);
            if (row.MovingTo is not { } to || !held.TryGetValue(at, out var shard))
            {
                departing.Remove(at);
            }
            else if (departing.GetValueOrDefault(at)?.Move != row.Move)
            {
                departing[at] = new Departure(row.Move, to, shard.Entries.Keys, clock());
            }
        }
    }
}
