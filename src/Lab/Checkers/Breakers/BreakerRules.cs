namespace Cluster.Lab.Checkers.Breakers;

/// <summary>What the breaker itself promises: what it refuses is refused fast and never reaches the dependency, a half-open one sends few probes, and it changes its state only as it may.</summary>
internal static class BreakerRules
{
    /// <summary>Probes of one half-open time.</summary>
    private const int Probes = 3;

    /// <summary>A refusal as slow as that is no failing fast, even on a busy machine.</summary>
    private const long SlowRefusal = 250_000_000;

    /// <summary>So many of a hundred refusals may be slow: the machine, not the breaker.</summary>
    private const int SlowPercent = 5;

    /// <summary>Refusals below which a share says nothing.</summary>
    private const int LeastJudged = 20;

    private static readonly (string From, string To)[] ByItself = [("closed", "open"), ("open", "half-open"), ("half-open", "open"), ("half-open", "closed")];

    public static IEnumerable<string> Broken(BreakerHistory seen) => Reached(seen).Concat(Slow(seen)).Concat(Flooded(seen)).Concat(Illegal(seen));

    private static IEnumerable<string> Reached(BreakerHistory seen) =>
        from log in seen.Logs
        from call in seen.Calls
        where call.To == log.Name && call.IsRefusedByBreaker
        from attempt in log.ById[call.Id]
        select $"{call.Id} was refused by an open breaker at {Instant.Of(call.Operation.Return)}, and reached {log.Name} as attempt {attempt.Number} of {attempt.From}";

    /// <summary>Refusals that no fault of a node or a link can have touched: how fast they are is judged. None where they are too few.</summary>
    public static int RefusalsJudged(BreakerHistory seen) => Calm(seen) is { Count: >= LeastJudged and var count } ? count : 0;

    private static List<CallSeen> Calm(BreakerHistory seen) => [.. seen.Calls.Where(call => call.IsRefusedByBreaker && seen.IsCalm(call.Operation.Call, call.Operation.Return))];

    private static IEnumerable<string> Slow(BreakerHistory seen)
    {
        var refused = Calm(seen);
        var slow = refused.Where(call => call.Nanoseconds > SlowRefusal).ToList();
        if (refused.Count >= LeastJudged && slow.Count * 100 > refused.Count * SlowPercent)
        {
            yield return $"{slow.Count} of {refused.Count} refusals by an open breaker took more than {SlowRefusal / 1_000_000} ms, the slowest {slow.Max(call => call.Nanoseconds) / 1_000_000} ms";
        }
    }

    private static IEnumerable<string> Flooded(BreakerHistory seen) =>
        from log in seen.Logs
        from halfOpen in log.Attempts.Where(attempt => attempt.Probe > 0).GroupBy(attempt => (attempt.From, attempt.Probe))
        where halfOpen.Count() > Probes
        select $"{log.Name} received {halfOpen.Count()} probes of one half-open time of {halfOpen.Key.From} (change {halfOpen.Key.Probe}); {Probes} may be sent";

    private static IEnumerable<string> Illegal(BreakerHistory seen)
    {
        foreach (var breaker in seen.Changes.GroupBy(change => (change.By, change.To)))
        {
            StateChange? before = null;
            foreach (var numbered in breaker.Select(change => change.Change).GroupBy(change => change.Number).OrderBy(change => change.Key))
            {
                if (numbered.Distinct().Count() > 1)
                {
                    yield return $"change {numbered.Key} of the breaker {breaker.Key.By} -> {breaker.Key.To} was told in {numbered.Distinct().Count()} ways";
                }

                var change = numbered.First();
                if (WhyIllegal(before, change) is { } why)
                {
                    yield return $"change {change.Number} of the breaker {breaker.Key.By} -> {breaker.Key.To}, {change.From} to {change.To}: {why}";
                }

                before = change;
            }
        }
    }

    private static string? WhyIllegal(StateChange? before, StateChange change)
    {
        if (!change.ByHand && !ByItself.Contains((change.From, change.To)))
        {
            return "no breaker does that by itself";
        }

        if (change.Number == 1 && change.From != "closed")
        {
            return "a breaker begins closed";
        }

        if (before is null || before.Number + 1 != change.Number)
        {
            return null; // What came between was not seen.
        }

        return before.To != change.From ? $"it was {before.To}"
            : change.To == "half-open" && change.AtMs - before.AtMs < before.OpenForMs - 1 ? $"after {change.AtMs - before.AtMs} ms of an open interval of {before.OpenForMs} ms"
            : null;
    }
}
