namespace Cluster.Modes.CircuitBreaker;

/// <summary>The calls of the last while, in buckets: what leaves the window leaves it a bucket at a time, so it is up to one bucket shorter than it says, and never longer.</summary>
internal sealed class TimeWindow(TimeSpan length) : ICallWindow
{
    /// <summary>Hystrix's ten: a tenth of the window is as exact as a rate has to be.</summary>
    private const int Buckets = 10;

    private readonly WindowCounts[] ring = new WindowCounts[Buckets];
    private readonly long width = length.Ticks / Buckets;
    private long newest;

    public void Add(bool failed, bool slow, TimeSpan now)
    {
        Advance(now);
        ref var bucket = ref ring[newest % Buckets];
        bucket = new WindowCounts(bucket.Calls + 1, bucket.Failed + (failed ? 1 : 0), bucket.Slow + (slow ? 1 : 0));
    }

    public WindowCounts Counts(TimeSpan now)
    {
        Advance(now);
        var sum = default(WindowCounts);
        foreach (var bucket in ring)
        {
            sum = new WindowCounts(sum.Calls + bucket.Calls, sum.Failed + bucket.Failed, sum.Slow + bucket.Slow);
        }

        return sum;
    }

    public void Clear() => Array.Clear(ring);

    private void Advance(TimeSpan now)
    {
        var current = now.Ticks / width;
        for (var bucket = Math.Max(newest + 1, current - Buckets + 1); bucket <= current; bucket++)
        {
            ring[bucket % Buckets] = default;
        }

        newest = Math.Max(newest, current);
    }
}
