using Cluster.Lab.Histories;

namespace Cluster.Lab.Checkers.Breakers;

/// <summary>What callers are promised: their calls to others are not harmed by one dependency that is bad, and once it is well, it is called again.</summary>
internal static class CallerRules
{
    /// <summary>A call to a healthy dependency that takes longer was held up.</summary>
    private const long Harmful = 500_000_000;

    private const int HarmedPercent = 5;

    private const int LeastJudged = 50;

    /// <summary>The longest open interval, its probes, and a busy machine.</summary>
    private const long RecoversWithin = 6_000_000_000;

    public static IEnumerable<string> Broken(BreakerHistory seen) => Harmed(seen).Concat(NotRecovered(seen));

    /// <summary>From when a dependency was well again until it was first reached; the longest, in nanoseconds. Null where nobody knows.</summary>
    public static long? LongestRecovery(BreakerHistory seen) => seen.Healths.Where(health => health.IsWell).Max(health => FirstFresh(seen, health) - health.From);

    /// <summary>Calls to others while a dependency was bad, those only that no fault of a node or a link can have touched: what harm is judged by.</summary>
    public static int CallsJudged(BreakerHistory seen) => WhileBad(seen).Sum(bad => bad.Others.Count);

    /// <summary>Times of a dependency that was well for long enough, with no fault near.</summary>
    public static int RecoveriesJudged(BreakerHistory seen) => Recoveries(seen).Count();

    private static IEnumerable<string> Harmed(BreakerHistory seen)
    {
        var fresh = new HashSet<object>(seen.Calls.Where(call => call.IsFresh).Select(call => call.Operation), ReferenceEqualityComparer.Instance);
        foreach (var (name, kind, others) in WhileBad(seen))
        {
            var harmed = others.Where(call => call.Return - call.Call > Harmful || !fresh.Contains(call)).ToList();
            if (harmed.Count * 100 > others.Count * HarmedPercent)
            {
                yield return $"while {name} was {kind}, {harmed.Count} of {others.Count} calls to other dependencies were refused, or took longer than {Harmful / 1_000_000} ms; {harmed[0].Input[2]} waited {(harmed[0].Return - harmed[0].Call) / 1_000_000} ms for {harmed[0].Key} at {harmed[0].Node}";
            }
        }
    }

    private static IEnumerable<(string Name, string Kind, List<Operation> Others)> WhileBad(BreakerHistory seen) =>
        from bad in seen.Healths.Where(health => !health.IsWell).GroupBy(health => (health.Name, health.Kind))
        let others = seen.Invoked.Where(call => call.Key != bad.Key.Name && bad.Any(health => health.Contains(call.Call, call.Call)) && seen.IsCalm(call.Call, call.Return)).ToList()
        where others.Count >= LeastJudged
        select (bad.Key.Name, bad.Key.Kind, others);

    private static IEnumerable<string> NotRecovered(BreakerHistory seen) =>
        from recovery in Recoveries(seen)
        where !(FirstFresh(seen, recovery.Health) <= recovery.Until)
        select $"{recovery.Health.Name} was well from {Instant.Of(recovery.Health.From)} on, and none of {recovery.Asked} calls reached it within {RecoversWithin / 1_000_000_000} s";

    private static IEnumerable<(HealthSpan Health, long Until, int Asked)> Recoveries(BreakerHistory seen) =>
        from health in seen.Healths
        let until = health.From > long.MaxValue - RecoversWithin ? long.MaxValue : health.From + RecoversWithin
        where health.IsWell && health.Until >= until && seen.IsCalm(health.From, until)
        let asked = seen.Invoked.Count(call => call.Key == health.Name && call.Call >= health.From && call.Call <= until)
        where asked >= LeastJudged
        select (health, until, asked);

    private static long? FirstFresh(BreakerHistory seen, HealthSpan health) =>
        seen.Calls.Where(call => call.To == health.Name && call.IsFresh && health.Contains(call.Operation.Call, call.Operation.Return)).Min(call => (long?)call.Operation.Return);
}
