namespace Cluster.Modes.Sharded.Owner;

/// <summary>What events make of the shards: at recovery, and when they have become durable.</summary>
internal sealed partial class OwnerCore
{
    /// <exception cref="ArgumentException">It is no event of an owner's.</exception>
    public void Apply(object happened)
    {
        switch (happened)
        {
            case EntryWritten written:
                Apply(written);
                break;
            case ShardAdopted adopted:
                Adopt(adopted);
                break;
            case ShardSplit split:
                Split(split);
                break;
            case SwitchBegun begun:
                Close(begun.Table, begun.Shard, begun.Move);
                break;
            case SwitchEnded ended:
                Close(ended.Table, ended.Shard, null);
                break;
            case ShardGivenAway given:
                GiveAway(given);
                break;
            case BatchReceived received:
                Receive(received);
                break;
            case ArrivalDropped dropped:
                arriving.Remove((dropped.Table, dropped.Shard));
                underWay.Remove((dropped.Table, dropped.Shard));
                break;
            default:
                throw new ArgumentException($"{happened.GetType().Name} is no event of an owner", nameof(happened));
        }
    }

    public OwnerSnapshot Snapshot() => new(
        [.. held.OrderBy(one => one.Key.Table, StringComparer.Ordinal).ThenBy(one => one.Key.Shard).Select(one => new ShardSnapshot(one.Key.Table, one.Value.Row, one.Value.Switching, [.. one.Value.Entries.Values]))],
        [.. arriving.OrderBy(one => one.Key.Table, StringComparer.Ordinal).ThenBy(one => one.Key.Shard).Select(one => new ArrivalSnapshot(one.Key.Table, one.Key.Shard, one.Value.Move, [.. one.Value.Entries.Values]))]);

    public void Restore(OwnerSnapshot snapshot)
    {
        foreach (var shard in snapshot.Shards)
        {
            var restored = new HeldShard(shard.Row) { Switching = shard.Switching };
            foreach (var entry in shard.Entries)
            {
                restored.Entries[entry.Key] = entry;
            }

            held[(shard.Table, shard.Row.Shard)] = restored;
        }

        foreach (var arrival in snapshot.Arrivals)
        {
            Receive(new BatchReceived(arrival.Table, arrival.Shard, arrival.Move, arrival.Entries));
        }
    }

    private void Apply(EntryWritten written)
    {
        var at = (written.Table, written.Entry.Key);
        if (ReferenceEquals(coming.GetValueOrDefault(at), written.Entry))
        {
            coming.Remove(at);
        }

        if (HolderOf(written.Table, Partitioning.PlaceOf(written.Table, written.Entry.Key)) is { } shard)
        {
            shard.Entries[written.Entry.Key] = written.Entry;
            departing.GetValueOrDefault((written.Table, shard.Row.Shard))?.Note(written.Entry.Key);
        }
    }

    private void Close(string table, int number, long? move)
    {
        underWay.Remove((table, number));
        if (Find(table, number) is { } shard)
        {
            (shard.Switching, shard.IsClosing) = (move, false);
        }
    }

    private void GiveAway(ShardGivenAway given)
    {
        var at = (given.Table, given.Shard);
        underWay.Remove(at);
        departing.Remove(at);
        if (checksEpochs)
        {
            held.Remove(at);
        }
        else if (held.TryGetValue(at, out var kept))
        {
            // The broken one goes on serving what it has given away.
            (kept.Row, kept.Switching, kept.IsClosing) = (kept.Row with { Epoch = given.Epoch }, null, false);
        }
    }

    private void Adopt(ShardAdopted adopted)
    {
        var at = (adopted.Table, adopted.Row.Shard);
        var shard = held[at] = new HeldShard(adopted.Row);
        lost.Remove(at);
        underWay.Remove(at);
        if (arriving.Remove(at, out var arrived))
        {
            foreach (var entry in arrived.Entries.Values)
            {
                shard.Entries[entry.Key] = entry;
            }
        }
    }

    private void Split(ShardSplit split)
    {
        underWay.Remove((split.Table, split.Left.Shard));
        underWay.Remove((split.Table, split.Right.Shard));
        if (Find(split.Table, split.Left.Shard) is not { } left)
        {
            return;
        }

        left.Row = split.Left;
        var right = held[(split.Table, split.Right.Shard)] = new HeldShard(split.Right);
        foreach (var entry in left.Entries.Values.Where(entry => split.Right.Covers(Partitioning.PlaceOf(split.Table, entry.Key))).ToList())
        {
            left.Entries.Remove(entry.Key);
            right.Entries[entry.Key] = entry;
        }
    }

    private void Receive(BatchReceived received)
    {
        var at = (received.Table, received.Shard);
        if (!arriving.TryGetValue(at, out var arrival) || arrival.Move < received.Move)
        {
            arriving[at] = arrival = new ArrivingShard(received.Move);
        }

        if (arrival.Move == received.Move)
        {
            foreach (var entry in received.Entries)
            {
                arrival.Merge(entry);
            }
        }
    }
}
