namespace Cluster.Lab.Checkers.Breakers;

/// <summary>What the dependency is promised: retries within a budget, and spread over their backoff. Measured by the dependency's own record of what it received.</summary>
internal static class LoadRules
{
    private const int BudgetPercent = 10;

    /// <summary>For each life of a proxy.</summary>
    private const int BudgetBurst = 10;

    /// <summary>Retries of calls that failed at once are compared by how long after the first attempt they came; so many milliseconds are one wave.</summary>
    private const double WaveMs = 10;

    /// <summary>More of all first retries in one wave are no coincidence: spread over 100 ms, a tenth of them is in each.</summary>
    private const int WavePercent = 60;

    /// <summary>Retries below which a share says nothing.</summary>
    private const int LeastJudged = 40;

    public static IEnumerable<string> Broken(BreakerHistory seen) => seen.Logs.SelectMany(log => OverBudget(seen, log).Concat(Synchronised(log)));

    /// <summary>Attempts for each call, over all dependencies whose record is known.</summary>
    public static double? Amplification(BreakerHistory seen)
    {
        var (attempts, calls) = (seen.Logs.Sum(log => log.Attempts.Count), seen.Logs.Sum(log => log.ById.Count));
        return calls == 0 ? null : (double)attempts / calls;
    }

    /// <summary>The largest share of first retries within one wave, in percent; null where there are too few.</summary>
    public static int? FullestWave(ReceivedLog log)
    {
        var after = log.ById.Select(WaitBeforeRetry).OfType<double>().Order().ToArray();
        if (after.Length < LeastJudged)
        {
            return null;
        }

        var (fullest, first) = (0, 0);
        for (var last = 0; last < after.Length; last++)
        {
            while (after[last] - after[first] > WaveMs)
            {
                first++;
            }

            fullest = Math.Max(fullest, last - first + 1);
        }

        return fullest * 100 / after.Length;
    }

    /// <summary>
    /// Within the life of the dependency whose record is known: what was saved by calls before that is within the burst, so only those count that were under way since the first call of which the record tells.
    /// </summary>
    private static IEnumerable<string> OverBudget(BreakerHistory seen, ReceivedLog log)
    {
        foreach (var caller in log.Attempts.GroupBy(attempt => attempt.Node))
        {
            var (retries, lives) = (caller.Count(attempt => attempt.Number > 1), caller.Select(attempt => attempt.From).Distinct().Count());
            var known = caller.Select(attempt => attempt.Id).ToHashSet(StringComparer.Ordinal);
            var start = seen.Invoked.Where(operation => operation.Key == log.Name && known.Contains(operation.Input[2]!)).Select(operation => operation.Call).DefaultIfEmpty(0).Min();
            var calls = seen.Invoked.Count(operation => operation.Key == log.Name && operation.Node == caller.Key && operation.Return >= start);
            if (retries * 100L > (calls * (long)BudgetPercent) + (lives * BudgetBurst * 100L))
            {
                yield return FormattableString.Invariant(
                    $"{log.Name} received {caller.Count()} attempts from {caller.Key} for {calls} calls: {retries} retries, where a budget of {BudgetPercent} % and {BudgetBurst} at once allows {(calls * BudgetPercent / 100) + (lives * BudgetBurst)}");
            }
        }
    }

    private static IEnumerable<string> Synchronised(ReceivedLog log)
    {
        if (FullestWave(log) is { } percent and > WavePercent)
        {
            yield return FormattableString.Invariant($"{percent} % of the first retries at {log.Name} came within the same {WaveMs} ms after their call had failed: those who fail together come back together");
        }
    }

    private static double? WaitBeforeRetry(IGrouping<string, AttemptReceived> call)
    {
        var first = call.FirstOrDefault(attempt => attempt is { Number: 1, Fate: "failed" });
        var second = call.FirstOrDefault(attempt => attempt.Number == 2);
        return first is null || second is null ? null : second.AtMs - first.AtMs;
    }
}
