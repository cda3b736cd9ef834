namespace Cluster.Modes.EventDriven;

/// <summary>
/// The events of one partition that are under way, pure: one of each key at a time, in the order of their offsets, and many keys side by side, so that an event which has to be tried again holds up its own
/// key only. What may be committed is the lowest offset that is not through: what lies above it comes again after a crash.
/// </summary>
/// <param name="window">Events that may be under way or waiting: bounds what comes again.</param>
/// <param name="keepsOrder">False only in a broken consumer, which begins every event at once.</param>
internal sealed class LaneCore(int window, bool keepsOrder = true)
{
    private readonly SortedDictionary<ulong, string> open = [];
    private readonly Dictionary<string, Queue<ulong>> lanes = new(StringComparer.Ordinal);
    private ulong next;

    /// <summary>How many more may be taken.</summary>
    public int Room => window - open.Count;

    /// <summary>Everything below is through.</summary>
    public ulong Through => open.Count > 0 ? open.First().Key : next;

    /// <summary>Where the partition is to be read on.</summary>
    public ulong Next => next;

    public void Begin(ulong offset)
    {
        open.Clear();
        lanes.Clear();
        next = offset;
    }

    /// <summary>Nothing up to there concerns this consumer.</summary>
    public void Skip(ulong offset) => next = Math.Max(next, offset);

    /// <returns>Whether its delivery is to begin now; else another event of its key is before it.</returns>
    public bool Add(ulong offset, string key)
    {
        open.Add(offset, key);
        next = offset + 1;
        if (!lanes.TryGetValue(key, out var lane))
        {
            lanes.Add(key, lane = new Queue<ulong>());
        }

        lane.Enqueue(offset);
        return !keepsOrder || lane.Count == 1;
    }

    /// <returns>The event whose delivery is to begin now; null for none.</returns>
    public ulong? Done(ulong offset)
    {
        if (!open.Remove(offset, out var key))
        {
            return null;
        }

        var lane = lanes[key];
        if (!keepsOrder)
        {
            return null;
        }

        lane.Dequeue();
        if (lane.TryPeek(out var following))
        {
            return following;
        }

        lanes.Remove(key);
        return null;
    }
}
