namespace Cluster.Modes.CapTunable;

/// <summary>
/// How far a partition certainly was at a time: what bounded staleness rests on. A question that a majority confirms tells a position; every write that had been acknowledged <em>when the question was sent</em> is within it.
/// So a replica that has applied that position is no further behind than the question is old, on this node's own monotonic clock: no two clocks are compared.
/// </summary>
internal sealed class FreshnessCore
{
    private readonly Dictionary<int, Freshness> known = [];
    private readonly Dictionary<int, TimeSpan> asked = [];

    /// <summary>What is known of the partition; null: nothing yet.</summary>
    public Freshness? Find(int partition) => known.GetValueOrDefault(partition);

    /// <summary>Whether a replica at this position, asked now, keeps the bound.</summary>
    public static bool Keeps(Freshness? freshness, long position, TimeSpan bound, TimeSpan now) => freshness is { } fresh && position >= fresh.Position && now - fresh.At <= bound;

    /// <summary>Whether the partition is to be asked again: what is known is older than half the bound, and nobody is asking.</summary>
    public bool BeginAsking(int partition, TimeSpan bound, TimeSpan now)
    {
        if (asked.ContainsKey(partition) || (Find(partition) is { } fresh && now - fresh.At <= bound / 2))
        {
            return false;
        }

        asked.Add(partition, now);
        return true;
    }

    /// <summary>The question was answered. It tells of the time at which it was sent, not of now.</summary>
    public void Answered(int partition, long position)
    {
        if (asked.Remove(partition, out var at))
        {
            known[partition] = new Freshness(position, at);
        }
    }

    /// <summary>It was not.</summary>
    public void Failed(int partition) => asked.Remove(partition);
}
