namespace Cluster.Modes.Sharded.Owner;

/// <summary>Pages of keys.</summary>
internal sealed partial class OwnerCore
{
    /// <summary>A page of a shard, or why there is none now. Only what is durable is in it.</summary>
    public (ShardPage? Page, OwnerMove? Instead) Scan(ShardScan asked)
    {
        if (Judge(asked.Table, asked.Shard, asked.Epoch, null, out var shard) is { } instead)
        {
            return (null, instead);
        }

        var entries = new List<PageEntry>();
        var size = 0;
        foreach (var entry in shard.Entries.Values)
        {
            if (entry.Value is null || !entry.Key.StartsWith(asked.Prefix, StringComparison.Ordinal) || string.CompareOrdinal(entry.Key, asked.After) <= 0)
            {
                continue;
            }

            if (entries.Count == asked.Limit || size >= Departure.BatchSize)
            {
                return (new ShardPage(asked.Number, asked.Shard, asked.Epoch, entries, HasMore: true), null);
            }

            entries.Add(new PageEntry(entry.Key, entry.Value, entry.Version));
            size += entry.Size;
        }

        return (new ShardPage(asked.Number, asked.Shard, asked.Epoch, entries, HasMore: false), null);
    }
}
