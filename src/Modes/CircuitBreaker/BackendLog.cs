namespace Cluster.Modes.CircuitBreaker;

/// <summary>
/// Every attempt that a dependency received, numbered from 1: what callers really sent, in the words of who received it. It is what a lab judges the proxies by. Bounded: the oldest are forgotten, and the numbers
/// show that they were.
/// </summary>
internal sealed class BackendLog
{
    /// <summary>Attempts kept: several minutes of a lab, some ten megabytes.</summary>
    public const int MostKept = 40_000;

    /// <summary>Attempts on one page: some hundred kilobytes, far below a frame's bound.</summary>
    public const int MostOnPage = 500;

    private readonly Queue<AttemptSeen> kept = new();

    public long Last { get; private set; }

    public long First => Last - kept.Count + 1;

    public AttemptSeen Add(Invoke invoke, TimeSpan now)
    {
        if (kept.Count == MostKept)
        {
            kept.Dequeue();
        }

        var seen = new AttemptSeen(++Last, invoke.Key, invoke.From, invoke.Number, invoke.Probe, now.TotalMilliseconds) { Fate = AttemptSeen.Waiting };
        kept.Enqueue(seen);
        return seen;
    }

    /// <summary>From that number on; what is forgotten is skipped.</summary>
    public IReadOnlyList<AttemptSeen> Page(long from) => [.. kept.Skip((int)Math.Clamp(from - First, 0, kept.Count)).Take(MostOnPage)];
}
