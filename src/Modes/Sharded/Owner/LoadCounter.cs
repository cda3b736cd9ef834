using Cluster.Modes.Sharded.Balancing;
using Cluster.Modes.Sharded.Map;

namespace Cluster.Modes.Sharded.Owner;

/// <summary>Counts the calls of one shard by place, in intervals: what tells a hot shard, and where it would have to be cut.</summary>
internal sealed class LoadCounter
{
    /// <summary>Places counted apart; further ones count for the shard only. A shard with more is cut well enough by those.</summary>
    private const int MostPlaces = 2_048;

    private Dictionary<string, int> now = new(StringComparer.Ordinal);
    private Dictionary<string, int> before = new(StringComparer.Ordinal);
    private int calls;

    /// <summary>Calls since the last report.</summary>
    public int Calls => calls;

    public void Count(string place)
    {
        calls++;
        if (now.TryGetValue(place, out var counted) || now.Count < MostPlaces)
        {
            now[place] = counted + 1;
        }
    }

    /// <summary>The load of the interval that ends now, and begins the next.</summary>
    public ShardLoad Report(string table, HeldShard shard, TimeSpan interval)
    {
        var load = new ShardLoad(
            table, shard.Row.Shard, shard.Row.Epoch, calls / interval.TotalSeconds, shard.Entries.Values.Count(entry => entry.Value is not null),
            calls == 0 ? 0 : Math.Round((double)now.Values.DefaultIfEmpty(0).Max() / calls, 2), Cut(shard.Row, now) is not null);
        (before, now, calls) = (now, new Dictionary<string, int>(StringComparer.Ordinal), 0);
        return load;
    }

    /// <summary>Where to cut so that both halves have about the same to do: a place, or groups to be taken out. Null: everything goes to one place, which no cut divides.</summary>
    public SplitRow? Cut(ShardRow row) => Cut(row, before) ?? Cut(row, now);

    private static SplitRow? Cut(ShardRow row, Dictionary<string, int> counted)
    {
        var places = counted.Where(place => row.Covers(place.Key)).OrderBy(place => place.Key, StringComparer.Ordinal).ToList();
        if (places.Count < 2)
        {
            return null;
        }

        var half = places.Sum(place => place.Value) / 2.0;
        var right = 0;
        var taken = places.Count - 1;
        for (; taken > 1 && right + places[taken].Value + (places[taken - 1].Value / 2.0) <= half; taken--)
        {
            right += places[taken].Value;
        }

        return row.Groups is null
            ? new SplitRow(row.Shard, row.Epoch, places[taken].Key, null)
            : new SplitRow(row.Shard, row.Epoch, null, [.. places.Skip(taken).Select(place => place.Key)]);
    }
}
