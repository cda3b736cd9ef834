namespace Cluster.Engine.Sharding.Client;

/// <summary>
/// The circuit breaker in front of one node: opens when most attempts at it in a window end without an answer, so that a hung node costs its callers nothing,
/// and lets one probe through after each pause. A refusal (not the leader) is an answer: the node is well. Any thread may call; every request does, twice.
/// </summary>
internal sealed class NodeBreaker(ShardClientOptions options)
{
    private readonly Lock gate = new();
    private TimeSpan windowEnd;
    private int attempts;
    private int unanswered;
    private bool open;
    private TimeSpan nextProbe;

    /// <summary>Whether it refuses calls but for probes.</summary>
    public bool IsOpen => Volatile.Read(ref open);

    /// <summary>Whether an attempt may be made now; then <see cref="Ended"/> has to be told how it ended.</summary>
    public bool TryEnter(TimeSpan now)
    {
        if (!IsOpen)
        {
            return true;
        }

        lock (gate)
        {
            if (open && now < nextProbe)
            {
                return false;
            }

            nextProbe = now + options.BreakerPause; // A probe that itself gets no answer in this time does not hold up the next.
            return true;
        }
    }

    /// <summary>An attempt has ended, with or without a word of the node.</summary>
    public void Ended(TimeSpan now, bool answered)
    {
        lock (gate)
        {
            if (open)
            {
                // What was sent before it opened may come to its end now: a late answer is as good a sign as a probe's.
                open = !answered;
                windowEnd = now;
                return;
            }

            if (now >= windowEnd)
            {
                (windowEnd, attempts, unanswered) = (now + options.BreakerWindow, 0, 0);
            }

            attempts++;
            unanswered += answered ? 0 : 1;
            if (unanswered > 0 && attempts >= options.BreakerMinimumThroughput && unanswered >= attempts * options.BreakerFailureRatio)
            {
                (open, nextProbe) = (true, now + options.BreakerPause);
            }
        }
    }
}
