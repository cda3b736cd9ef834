namespace Cluster.Modes.CircuitBreaker;

/// <summary>
/// A circuit breaker, pure: closed, open, half-open (Nygard, Release It!, 5.2), by a sliding window of failures and of slow calls (resilience4j), with an open interval that doubles while
/// probes go on failing. The one who calls it says what time it is; a change of state is numbered, and every promise is judged by these numbers.
/// </summary>
internal sealed class BreakerCore(BreakerOptions options)
{
    /// <summary>Changes of state that are kept for those who look: some minutes of a dependency that flaps.</summary>
    public const int TransitionsKept = 32;

    private readonly ICallWindow window = options.Window == WindowKind.Count ? new CountWindow(options.WindowCalls) : new TimeWindow(options.WindowLength);
    private readonly Queue<BreakerTransition> transitions = new(TransitionsKept);
    private TimeSpan openUntil;
    private int openings;
    private int probes;
    private WindowCounts probed;

    public BreakerState State { get; private set; } = BreakerState.Closed;

    /// <summary>Number of the last change of state; 0 before the first.</summary>
    public long Generation { get; private set; }

    /// <summary>The last <see cref="TransitionsKept"/>, oldest first.</summary>
    public IReadOnlyCollection<BreakerTransition> Transitions => transitions;

    public WindowCounts Counts(TimeSpan now) => window.Counts(now);

    /// <summary>How long it still refuses everything; zero where it does not, or where nobody can say.</summary>
    public TimeSpan OpenFor(TimeSpan now) => State == BreakerState.Open && openUntil > now ? openUntil - now : TimeSpan.Zero;

    /// <summary>Whether an attempt may be made now. Asking is what turns an open breaker half-open once its interval is over.</summary>
    public BreakerPermit TryEnter(TimeSpan now)
    {
        if (State == BreakerState.Closed)
        {
            return new BreakerPermit(true, Generation, false, TimeSpan.Zero);
        }

        if (State == BreakerState.Open && now >= openUntil)
        {
            Change(BreakerState.HalfOpen, now, "its open interval is over");
        }

        if (State == BreakerState.HalfOpen && (probes < options.Probes || options.FloodsWithProbes))
        {
            probes++;
            return new BreakerPermit(true, Generation, true, TimeSpan.Zero);
        }

        return new BreakerPermit(false, Generation, false, OpenFor(now));
    }

    /// <summary>An attempt that was let through has ended.</summary>
    public void Ended(in BreakerPermit permit, CallEnd end, TimeSpan took, TimeSpan now)
    {
        if (permit.Generation != Generation)
        {
            return; // Let through by an earlier state: its end says how the dependency was then.
        }

        var (failed, slow) = (end == CallEnd.Failed, took >= options.SlowCall);
        if (State == BreakerState.HalfOpen)
        {
            ProbeEnded(end, failed, slow, now);
        }
        else if (end != CallEnd.Ignored)
        {
            window.Add(failed, slow, now); // Judged after a good one, too: with it there may be enough calls for the first time.
            if (window.Counts(now) is var counts && counts.Calls >= options.MinimumCalls && WhyBad(counts) is { } why)
            {
                Open(now, why);
            }
        }
    }

    /// <summary>Opens it until <see cref="Reset"/>, whatever the calls say. False: it is so already.</summary>
    public bool Trip(TimeSpan now)
    {
        if (State == BreakerState.ForcedOpen)
        {
            return false;
        }

        Change(BreakerState.ForcedOpen, now, "tripped by hand", byHand: true);
        return true;
    }

    /// <summary>Closes it and forgets what it has seen. False: it is closed already, and has only forgotten.</summary>
    public bool Reset(TimeSpan now)
    {
        (openings, probes) = (0, 0);
        window.Clear();
        if (State == BreakerState.Closed)
        {
            return false;
        }

        Change(BreakerState.Closed, now, "reset by hand", byHand: true);
        return true;
    }

    private void ProbeEnded(CallEnd end, bool failed, bool slow, TimeSpan now)
    {
        // A probe that says nothing is no sign that the dependency is well, and its place is not given to another: so many are sent, and no more.
        failed |= end == CallEnd.Ignored;
        probed = new WindowCounts(probed.Calls + 1, probed.Failed + (failed ? 1 : 0), probed.Slow + (slow ? 1 : 0));
        if (probed.Calls < options.Probes)
        {
            return;
        }

        if (WhyBad(probed) is { } why)
        {
            Open(now, why);
        }
        else
        {
            openings = 0;
            window.Clear(); // What it saw before it opened is not how the dependency is now.
            Change(BreakerState.Closed, now, FormattableString.Invariant($"{probed.Calls} probes: {probed.Failed} failed, {probed.Slow} slow"));
        }
    }

    private string? WhyBad(in WindowCounts counts) =>
        counts.FailureRate >= options.FailureRate ? FormattableString.Invariant($"{counts.Failed} of {counts.Calls} calls failed")
        : counts.SlowCallRate >= options.SlowCallRate ? FormattableString.Invariant($"{counts.Slow} of {counts.Calls} calls took {options.SlowCall.TotalMilliseconds:0} ms or longer")
        : null;

    private void Open(TimeSpan now, string why)
    {
        var interval = options.OpenInterval * Math.Pow(2, Math.Min(openings, 30));
        interval = interval < options.OpenIntervalMax ? interval : options.OpenIntervalMax;
        (openings, openUntil) = (openings + 1, now + interval);
        Change(BreakerState.Open, now, why, (long)interval.TotalMilliseconds);
    }

    private void Change(BreakerState to, TimeSpan now, string why, long openForMs = 0, bool byHand = false)
    {
        if (transitions.Count == TransitionsKept)
        {
            transitions.Dequeue();
        }

        transitions.Enqueue(new BreakerTransition(++Generation, State, to, (long)now.TotalMilliseconds, why, openForMs, byHand));
        (State, probes, probed) = (to, 0, default);
    }
}
