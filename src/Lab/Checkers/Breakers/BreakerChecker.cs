using Cluster.Lab.Histories;

namespace Cluster.Lab.Checkers.Breakers;

/// <summary>
/// Client proxies with circuit breakers, judged by what their clients were told and by what the dependencies themselves recorded: a breaker's refusals, probes and changes of state, the freshness of answers, effects
/// once, the budget and the spread of retries, and that callers of others are not harmed.
/// </summary>
public sealed class BreakerChecker : IChecker
{
    public string Name => "breaker";

    public bool Understands(Operation operation) => BreakerHistory.Understands(operation);

    public CheckResult Check(History history)
    {
        if (BreakerHistory.Read(history) is not { } seen)
        {
            return new CheckResult(Name, Verdict.Unknown, "an answer is none of a proxy or a dependency", []);
        }

        var evidence = new Evidence();
        var broken = 0;
        foreach (var line in BreakerRules.Broken(seen).Concat(AnswerRules.Broken(seen)).Concat(LoadRules.Broken(seen)).Concat(CallerRules.Broken(seen)))
        {
            broken++;
            evidence.Add(line);
        }

        var fresh = seen.Calls.Count(call => call.IsFresh);
        var (calls, refusals, recoveries) = (CallerRules.CallsJudged(seen), BreakerRules.RefusalsJudged(seen), CallerRules.RecoveriesJudged(seen));
        var judged = FormattableString.Invariant($"judged where no fault was near: {calls} calls to others while one was bad, {refusals} refusals, {recoveries} recoveries");
        return evidence.Conclude(Name, $"{Summary(seen, fresh)}, {broken} broken; {judged}", broken > 0, fresh == 0 || seen.Logs.Count == 0 ? "no call was answered, or no dependency told what it received"
            : calls + refusals + recoveries == 0 ? "what is promised where no fault is near was never seen"
            : null);
    }

    private static string Summary(BreakerHistory seen, int fresh)
    {
        var openings = seen.Changes.Where(change => change.Change.To == "open").DistinctBy(change => (change.By, change.To, change.Change.Number)).Count();
        var parts = new List<string>
        {
            FormattableString.Invariant($"{seen.Invoked.Count} calls: {fresh} fresh, {seen.Calls.Count(call => call.Outcome == "stale")} stale, {seen.Calls.Count(call => call.IsRefusedByBreaker)} refused by {openings} openings"),
        };
        if (LoadRules.Amplification(seen) is { } factor)
        {
            parts.Add(FormattableString.Invariant($"{factor:0.00} attempts a call"));
        }

        if (seen.Logs.Max(LoadRules.FullestWave) is { } wave)
        {
            parts.Add(FormattableString.Invariant($"at most {wave} % of retries in one wave"));
        }

        if (CallerRules.LongestRecovery(seen) is { } recovery)
        {
            parts.Add(FormattableString.Invariant($"reached again within {recovery / 1e9:0.0} s"));
        }

        return string.Join(", ", parts);
    }
}
