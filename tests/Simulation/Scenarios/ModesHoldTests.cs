using Cluster.Lab.Checkers;
using Cluster.Modes;
using Cluster.Shared.Scenarios;
using Cluster.Simulator.Runs;

namespace Cluster.Simulation.Tests.Scenarios;

/// <summary>Each mode keeps its promise under its own faults, on seeds that are always the same and on some that are new each time.</summary>
public class ModesHoldTests(ITestOutputHelper output)
{
    private const int FixedSeeds = 12;
    private const int NewSeeds = 3;

    /// <summary>Of the time that the mode's lab takes by itself.</summary>
    private const double Share = 0.4;

    public static TheoryData<string> Slugs => [.. ModeCatalog.All.Where(mode => mode.Lab.Backends.Contains(ScenarioBackend.Sim)).Select(mode => mode.Slug)];

    [Theory]
    [MemberData(nameof(Slugs))]
    public void A_mode_holds_under_its_own_faults(string slug)
    {
        var happened = new HashSet<FaultType>();
        foreach (var outcome in Enumerable.Range(1, FixedSeeds).Chunk(2).SelectMany(seeds => PlayAll(slug, seeds)))
        {
            happened.UnionWith(outcome.Finding.Faults.Happened.Keys);
        }

        // A mode with many kinds of faults shows most of them even in a dozen short runs.
        var planned = ModeCatalog.Find(slug)!.Lab.Faults.Shares.Select(share => share.Kind).Distinct().Count();
        Assert.True(happened.Count * 2 > planned || planned == 0, $"of {planned} kinds of faults only {string.Join(", ", happened)} happened");
    }

    [Theory]
    [MemberData(nameof(Slugs))]
    public void A_mode_holds_on_seeds_that_nobody_has_chosen(string slug)
    {
        var first = (int)(TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() % 1_000_000_000);
        output.WriteLine($"seeds {first} to {first + NewSeeds - 1} of {slug}, {SecondsOf(slug)} s");
        foreach (var seed in Enumerable.Range(first, NewSeeds))
        {
            PlayAll(slug, [seed]);
        }
    }

    private static double SecondsOf(string slug) => ModeCatalog.Find(slug)!.Lab.Span.TotalSeconds * Share;

    private static List<SeedOutcome> PlayAll(string slug, int[] seeds)
    {
        var orders = seeds.Select(seed => new SimulationOrder([slug], seed) { Seconds = SecondsOf(slug) }).ToList();
        var runs = orders.ConvertAll(order => Seeds.OnThread(() => Seeds.Start(order)));
        var outcomes = runs.ConvertAll(run => run());
        Assert.All(orders.Zip(outcomes), played => Assert.True(played.Second.Verdict.Verdict == Verdict.Holds, Seeds.Failure(played.First, played.Second)));
        return outcomes;
    }
}
