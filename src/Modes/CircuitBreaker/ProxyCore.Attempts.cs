namespace Cluster.Modes.CircuitBreaker;

/// <content>One attempt after another, and the end of a call.</content>
internal sealed partial class ProxyCore
{
    private void Attempt(ProxyCall call, TimeSpan now)
    {
        var left = call.Deadline - now;
        if (left < ShortestAttempt)
        {
            End(call, now, CallReport.Deadline, call.Why ?? "its deadline passed before it could be sent");
            return;
        }

        if (options.HasBreaker)
        {
            call.Permit = Breaker.TryEnter(now);
            if (!call.Permit.IsAllowed)
            {
                tally = tally with { RefusedOpen = tally.RefusedOpen + 1 };
                End(call, now, CallReport.Open, call.Permit.RetryAfter > TimeSpan.Zero
                    ? FormattableString.Invariant($"the circuit breaker of {dependency} is open for another {call.Permit.RetryAfter.TotalMilliseconds:0} ms")
                    : $"the circuit breaker of {dependency} lets nobody through but its probes, or is open by hand");
                return;
            }
        }

        call.Attempts++;
        tally = tally with { Attempts = tally.Attempts + 1, Retries = tally.Retries + (call.Attempts > 1 ? 1 : 0) };
        (call.UnderWay, call.AttemptBegan) = (++lastAttempt, now);
        var probe = call.Permit.IsProbe ? call.Permit.Generation : 0;
        effects.Enqueue(new ProxyEffect.Send(new Invoke(call.Number, lastAttempt, self, call.Key, call.Attempts, probe, call.IsAdd, call.Item, (long)left.TotalMilliseconds)));
        effects.Enqueue(new ProxyEffect.Alarm(call.Number, left < options.AttemptTimeout ? left : options.AttemptTimeout));
    }

    private void AttemptEnded(ProxyCall call, CallEnd end, TimeSpan now)
    {
        call.UnderWay = 0;
        if (options.HasBreaker)
        {
            Breaker.Ended(call.Permit, end, now - call.AttemptBegan, now);
        }
    }

    private void RetryOrEnd(ProxyCall call, TimeSpan now, double random)
    {
        var pause = options.Retry.PauseBefore(call.Attempts, random);
        if (call.Attempts >= options.Retry.MaxAttempts || now + pause > call.Deadline - ShortestAttempt)
        {
            End(call, now, CallReport.Exhausted, call.Why!);
        }
        else if (options.Retry.HasBudget && !budget.TryTake())
        {
            tally = tally with { OverBudget = tally.OverBudget + 1 };
            End(call, now, CallReport.Budget, $"{call.Why}; the budget of retries is used up");
        }
        else
        {
            effects.Enqueue(new ProxyEffect.Alarm(call.Number, pause));
        }
    }

    /// <summary>The call ends without a fresh answer: a read falls back on what is known, an add says whether it may have taken effect.</summary>
    private void End(ProxyCall call, TimeSpan now, string because, string why)
    {
        var told = Told(call, now, call.IsUnanswered && call.IsAdd ? CallReport.Unknown : call.Attempts == 0 ? CallReport.Refused : CallReport.Failed) with { Because = because, Why = why };
        if (!call.IsAdd && known.Find(call.Item) is { } last)
        {
            tally = tally with { Stale = tally.Stale + 1 };
            told = options.PassesStaleForFresh
                ? Told(call, now, CallReport.Fresh) with { Value = last.Value, Life = last.Life }
                : told with { Outcome = CallReport.Stale, Value = last.Value, Life = last.Life, AgeMs = (long)Math.Ceiling((now - last.AskedAt).TotalMilliseconds) };
        }

        Finish(call, told);
    }

    private CallReport Told(ProxyCall call, TimeSpan now, string outcome) =>
        new(dependency, self, call.Item, call.Key, outcome, call.Attempts, Breaker.State, (long)(now - call.Began).TotalMilliseconds);

    private void Finish(ProxyCall call, CallReport report)
    {
        calls.Remove(call.Number);
        effects.Enqueue(new ProxyEffect.Report(call.Number, report));
    }
}
