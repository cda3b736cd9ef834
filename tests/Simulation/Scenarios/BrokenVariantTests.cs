using Cluster.Lab.Checkers;
using Cluster.Modes;
using Cluster.Shared.Scenarios;
using Cluster.Simulator.Runs;

namespace Cluster.Simulation.Tests.Scenarios;

/// <summary>Each broken variant is caught, and it is the bug that is caught: the mode without it holds in the very same circumstances.</summary>
public class BrokenVariantTests
{
    /// <summary>A bug that needs more seeds than these to show is not one for a lecture.</summary>
    private const int SeedsAtMost = 4;

    /// <summary>Of the time that the mode's lab takes by itself: what is caught in a lecture is caught here.</summary>
    private const double Share = 0.8;

    public static TheoryData<string, string> Bugs
    {
        get
        {
            var bugs = new TheoryData<string, string>();
            foreach (var mode in ModeCatalog.All.Where(mode => mode.Lab.Backends.Contains(ScenarioBackend.Sim)))
            {
                foreach (var bug in mode.Lab.Bugs)
                {
                    bugs.Add(mode.Slug, bug.Name);
                }
            }

            return bugs;
        }
    }

    [Theory]
    [MemberData(nameof(Bugs))]
    public void A_broken_variant_is_violated_within_a_few_seeds(string slug, string bug)
    {
        var ends = new List<string>();
        for (var seed = 1; seed <= SeedsAtMost; seed++)
        {
            var order = new SimulationOrder([slug], seed) { Bug = bug, Seconds = ModeCatalog.Find(slug)!.Lab.Span.TotalSeconds * Share };
            var outcome = Seeds.Play(order);
            if (outcome.Verdict.Verdict == Verdict.Violated)
            {
                return;
            }

            ends.Add(Seeds.Failure(order, outcome));
        }

        Assert.Fail($"no checker caught it:\n{string.Join('\n', ends)}");
    }

    [Theory]
    [MemberData(nameof(Bugs))]
    public void Without_its_bug_the_mode_holds_in_the_same_circumstances(string slug, string bug)
    {
        for (var seed = 1; seed <= 2; seed++)
        {
            var order = new SimulationOrder([slug], seed) { Bug = bug, Seconds = ModeCatalog.Find(slug)!.Lab.Span.TotalSeconds * Share };
            var outcome = Seeds.OnThread(() => SeedRun.Play(Seeds.Plan(order), flaws: []))();
            Assert.True(outcome.Verdict.Verdict == Verdict.Holds, "without the bug: " + Seeds.Failure(order, outcome));
        }
    }
}
