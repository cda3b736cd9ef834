namespace Cluster.Modes.Sharded.Owner;

/// <summary>
/// A shard on its way to another node, as its owner sees it: first all keys are copied while the shard serves; then, again, what was written meanwhile; then the shard is closed, the last few go, and the map is told. One batch is under
/// way at a time. In the memory of the owner only: after a restart it begins anew, and what arrives twice does no harm.
/// </summary>
internal sealed class Departure(long move, string to, IEnumerable<string> keys, TimeSpan now)
{
    /// <summary>Characters after which a batch is full: with one value more, and every character escaped, it still fits a frame.</summary>
    public const int BatchSize = 64 * 1024;

    /// <summary>Keys that are left to copy when the shard is closed: so many travel and are stored in a few milliseconds.</summary>
    public const int FewLeft = 64;

    /// <summary>Rounds of copying what was written meanwhile, after which the shard is closed with what is left: writes may come faster than copies.</summary>
    public const int MostRounds = 10;

    /// <summary>The other node has stored nothing for so long: the move is given up, and the shard serves on where it is.</summary>
    public static readonly TimeSpan Stalled = TimeSpan.FromSeconds(3);

    private readonly HashSet<string> changed = new(StringComparer.Ordinal);
    private Queue<string> rest = new(keys);
    private int rounds;

    public long Move => move;

    public string To => to;

    /// <summary>Sent again until it is acknowledged.</summary>
    public ShardBatch? InFlight { get; private set; }

    public TimeSpan LastProgress { get; private set; } = now;

    /// <summary>Keys sent so far, again and again where they changed.</summary>
    public int Sent { get; private set; }

    /// <summary>When the shard was closed; null: it serves.</summary>
    public TimeSpan? ClosedAt { get; set; }

    public bool IsAllStored => InFlight is null && rest.Count == 0 && changed.Count == 0;

    /// <summary>Whether it is time to close the shard.</summary>
    public bool IsNearlyThrough => InFlight is null && rest.Count == 0 && (changed.Count <= FewLeft || rounds >= MostRounds);

    /// <summary>A key was written since it was copied, or may have been.</summary>
    public void Note(string key) => changed.Add(key);

    /// <summary>The next batch; null where one is under way, or there is nothing to send.</summary>
    public ShardBatch? Fill(string table, HeldShard shard, long batch)
    {
        if (InFlight is not null || IsAllStored)
        {
            return null;
        }

        if (rest.Count == 0)
        {
            rest = new Queue<string>(changed.Order(StringComparer.Ordinal));
            changed.Clear();
            rounds++;
        }

        var entries = new List<KeyEntry>();
        for (var size = 0; rest.Count > 0 && size < BatchSize;)
        {
            var entry = shard.Entries[rest.Dequeue()];
            entries.Add(entry);
            size += entry.Size;
        }

        Sent += entries.Count;
        return InFlight = new ShardBatch(table, shard.Row.Shard, move, batch, entries);
    }

    /// <summary>False: it is not what is under way.</summary>
    public bool Stored(long batch, TimeSpan at)
    {
        if (InFlight?.Batch != batch)
        {
            return false;
        }

        (InFlight, LastProgress) = (null, at);
        return true;
    }
}
