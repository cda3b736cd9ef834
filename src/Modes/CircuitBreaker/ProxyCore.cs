namespace Cluster.Modes.CircuitBreaker;

/// <summary>
/// One node's proxy of one dependency, pure: bulkhead round a call, circuit breaker and timeout round each attempt, retries with backoff, jitter, a budget and the call's deadline between them, and for
/// reads the last known value in the end. Every call ends in one report, which says what may be concluded.
/// </summary>
internal sealed partial class ProxyCore(ProxyOptions options, string dependency, string self)
{
    /// <summary>Less than that is no time for an attempt: a healthy dependency takes some milliseconds.</summary>
    private static readonly TimeSpan ShortestAttempt = TimeSpan.FromMilliseconds(5);

    private readonly Dictionary<long, ProxyCall> calls = [];
    private readonly Queue<ProxyEffect> effects = new();
    private readonly RetryBudget budget = new(options.Retry);
    private readonly LastKnown known = new();
    private long lastAttempt;
    private ProxyTally tally = new(0, 0, 0, 0, 0, 0, 0);

    public BreakerCore Breaker { get; } = new(options.Breaker);

    public ProxyTally Tally => tally;

    public int UnderWay => calls.Count;

    public int RetriesLeft => budget.Left;

    /// <summary>What is to be done next; null when nothing is.</summary>
    public ProxyEffect? TakeEffect() => effects.TryDequeue(out var effect) ? effect : null;

    public void Begin(ProxyCall call, TimeSpan now)
    {
        tally = tally with { Calls = tally.Calls + 1 };
        budget.Deposit();
        if (options.HasBreaker && calls.Count >= options.MaxConcurrent)
        {
            tally = tally with { RefusedBulkhead = tally.RefusedBulkhead + 1 };
            End(call, now, CallReport.Bulkhead, FormattableString.Invariant($"{calls.Count} calls to {dependency} are under way, the most there may be"));
            return;
        }

        calls.Add(call.Number, call);
        Attempt(call, now);
    }

    /// <summary>The dependency has answered an attempt. An answer to an attempt that was given up is late, and changes nothing.</summary>
    /// <param name="random">From 0 to below 1: the jitter of a retry.</param>
    public void Replied(Invoked reply, TimeSpan now, double random)
    {
        if (!calls.TryGetValue(reply.Call, out var call) || call.UnderWay != reply.Attempt)
        {
            return;
        }

        AttemptEnded(call, reply.Failure is null || reply.IsConflict ? CallEnd.Answered : CallEnd.Failed, now);
        if (reply.IsConflict)
        {
            Finish(call, Told(call, now, CallReport.Conflict) with { Why = reply.Failure });
        }
        else if (reply.Failure is null)
        {
            if (!reply.IsRepeat)
            {
                known.Learn(call.Item, new KnownValue(reply.Value, reply.Life, call.AttemptBegan));
            }

            Finish(call, Told(call, now, CallReport.Fresh) with { Value = reply.Value, Life = reply.Life });
        }
        else
        {
            call.Why = reply.Failure;
            RetryOrEnd(call, now, random);
        }
    }

    /// <summary>A call's alarm has gone off: its attempt got no answer in time, or its pause is over.</summary>
    /// <inheritdoc cref="Replied"/>
    public void Wake(long number, TimeSpan now, double random)
    {
        if (!calls.TryGetValue(number, out var call))
        {
            return;
        }

        if (call.UnderWay == 0)
        {
            Attempt(call, now);
            return;
        }

        // Cut short by the deadline, an attempt that a healthy dependency might still have answered is no sign against it.
        var took = now - call.AttemptBegan;
        AttemptEnded(call, took >= options.AttemptTimeout || took >= options.Breaker.Telling ? CallEnd.Failed : CallEnd.Ignored, now);
        call.IsUnanswered = true;
        call.Why = FormattableString.Invariant($"{dependency} has not answered within {took.TotalMilliseconds:0} ms");
        RetryOrEnd(call, now, random);
    }
}
