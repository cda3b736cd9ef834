namespace Cluster.Modes.CircuitBreaker;

/// <summary>The last so many calls, as a ring with running sums: adding and reading take the same few steps however long it is.</summary>
internal sealed class CountWindow(int length) : ICallWindow
{
    private const byte Failure = 1;
    private const byte Slowness = 2;

    private readonly byte[] ring = new byte[length];
    private int next;
    private WindowCounts counts;

    public void Add(bool failed, bool slow, TimeSpan now)
    {
        var oldest = counts.Calls == ring.Length ? ring[next] : (byte)0;
        ring[next] = (byte)((failed ? Failure : 0) | (slow ? Slowness : 0));
        next = next + 1 == ring.Length ? 0 : next + 1;
        counts = new WindowCounts(
            Math.Min(counts.Calls + 1, ring.Length),
            counts.Failed + (failed ? 1 : 0) - (oldest & Failure),
            counts.Slow + (slow ? 1 : 0) - ((oldest & Slowness) >> 1));
    }

    public WindowCounts Counts(TimeSpan now) => counts;

    public void Clear() => (next, counts) = (0, default);
}
