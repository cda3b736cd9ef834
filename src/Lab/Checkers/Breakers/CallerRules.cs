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

    private static IEnumerable<string> Harmed(BreakerHistory seen)
    {
        var fresh = new HashSet<object>(seen.Calls.Where(call => call.IsFresh).Select(call => call.Operation), ReferenceEqualityComparer.Instance);
        foreach (var bad in seen.Healths.Where(health => !health.IsWell).GroupBy(health => (health.Name, health.Kind)))
        {
            var others = seen.Invoked.Where(call => call.Key != bad.Key.Name && bad.Any(health => health.Contains(call.Call, call.Call)) && seen.IsCalm(call.Call, call.Return)).ToList();
            var harmed = others.Where(call => call.Return - call.Call > Harmful || !fresh.Contains(call)).ToList();
            if (others.Count >= LeastJudged && harmed.Count * 100 > others.Count * HarmedPercent)
            {
                yield return $"while {bad.Key.Name} was {bad.Key.Kind}, {harmed.Count} of {others.Count} calls to other dependencies were refused, or took longer than {Harmful / 1_000_000} ms; {harmed[0].Input[2]} waited {(harmed[0].Return - harmed[0].Call) / 1_000_000} ms for {harmed[0].Key} at {harmed[0].Node}";
            }
        }
    }

    private static IEnumerable<string> NotRecovered(BreakerHistory seen) =>
        from health in seen.Healths
        let until = health.From > long.MaxValue - RecoversWithin ? long.MaxValue : health.From + RecoversWithin
        where health.IsWell && health.Until >= until && seen.IsCalm(health.From, until)
        let asked = seen.Invoked.Count(call => call.Key == health.Name && call.Call >= health.From && call.Call <= until)
        where asked >= LeastJudged && !(FirstFresh(seen, health) <= until)
        select $"{health.Name} was well from {Instant.Of(health.From)} on, and none of {asked} calls reached it within {RecoversWithin / 1_000_000_000} s";

    private static long? FirstFresh(BreakerHistory seen, HealthSpan health) =>
        seen.Calls.Where(call => call.To == health.Name && call.IsFresh && health.Contains(call.Operation.Call, call.Operation.Return)).Min(call => (long?)call.Operation.Return);
}
