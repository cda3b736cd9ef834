using Cluster.Modes.Sharded.Map;
using Cluster.Modes.Storage;

namespace Cluster.Modes.Sharded;

/// <summary>
/// A scan under way: one page of each shard that may have keys of it, one shard after the other. Where keys are cut by their order it ends with the first shard that fills it; else every shard has a part of every range, and all are asked:
/// what a range scan costs on the other tables. Each shard answers for a moment of its own.
/// </summary>
internal sealed class OpenScan(string table, string prefix, string after, int limit)
{
    /// <summary>Characters after which a range scan stops, with more to come: what one answer should not exceed by far.</summary>
    private const int MostSize = 256 * 1024;

    private readonly List<StoredValue> found = [];
    private Queue<ShardRow> rest = new();
    private string? stop;
    private int size;

    public string Table => table;

    public bool IsDone => rest.Count == 0 || (table == Partitioning.Range && (found.Count >= limit || stop is not null || size >= MostSize));

    public StoredKeys Answer
    {
        get
        {
            // Behind the place where the first shard stopped nothing is known to be next.
            var known = found.Where(entry => stop is null || string.CompareOrdinal(entry.Key, stop) <= 0).OrderBy(entry => entry.Key, StringComparer.Ordinal).ToList();
            return new StoredKeys([.. known.Take(limit)], stop is not null || known.Count > limit || rest.Count > 0);
        }
    }

    /// <summary>From the beginning, by a map: also when an owner has sent it back for a newer one.</summary>
    public void Begin(ShardMap map)
    {
        found.Clear();
        (stop, size) = (null, 0);
        rest = new Queue<ShardRow>(map.Rows.Where(MayHave));
    }

    /// <summary>What is to be asked of whom; null: nothing, it is done.</summary>
    public (string Owner, ShardScan Scan)? Next(long number) =>
        IsDone ? null : (rest.Peek().Owner, new ShardScan(number, table, rest.Peek().Shard, rest.Peek().Epoch, prefix, after, limit + 1));

    /// <summary>Takes a page; one that was not asked for, or comes for the second time, is nothing.</summary>
    public void Take(ShardPage page)
    {
        if (!rest.TryPeek(out var row) || row.Shard != page.Shard || row.Epoch != page.Epoch)
        {
            return;
        }

        rest.Dequeue();
        foreach (var entry in page.Entries)
        {
            found.Add(new StoredValue(entry.Key, entry.Value, entry.Version.ToString(System.Globalization.CultureInfo.InvariantCulture)));
            size += entry.Key.Length + entry.Value.Length;
        }

        if (page.HasMore && page.Entries.Count > 0 && (stop is null || string.CompareOrdinal(page.Entries[^1].Key, stop) < 0))
        {
            stop = page.Entries[^1].Key;
        }
    }

    private bool MayHave(ShardRow row)
    {
        if (table != Partitioning.Range)
        {
            return true;
        }

        var start = string.CompareOrdinal(after, prefix) > 0 ? after : prefix;
        return (row.To is null || string.CompareOrdinal(row.To, start) > 0) && (string.CompareOrdinal(row.From, prefix) <= 0 || row.From.StartsWith(prefix, StringComparison.Ordinal));
    }
}
