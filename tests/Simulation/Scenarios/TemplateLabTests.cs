using Cluster.Lab.Checkers;
using Cluster.Lab.Scenarios;
using Cluster.Modes.Template;
using Cluster.Simulator.Runs;

namespace Cluster.Simulation.Tests.Scenarios;

/// <summary>What <c>lab new-mode</c> copies works as a lab: it holds, and its broken variant is caught.</summary>
public class TemplateLabTests
{
    private const int Seconds = 8;

    [Fact]
    public void The_template_holds() => Assert.All([1, 2], seed => Assert.Equal(Verdict.Holds, Play(seed, null)));

    [Fact]
    public void Its_broken_variant_is_violated() => Assert.Contains(Verdict.Violated, Enumerable.Range(1, 3).Select(seed => Play(seed, TemplateLab.Scenario.Bugs[0].Name)));

    private static Verdict Play(int seed, string? bug)
    {
        var plan = SeedRun.Paced(ScenarioPlan.Generate(TemplateLab.Scenario, bug, seed, TimeSpan.FromSeconds(Seconds)));
        var flaws = bug is null ? [] : ScenarioPlan.Find(TemplateLab.Scenario, bug).Flaws;
        return Seeds.OnThread(() => SeedRun.Play(plan, flaws))().Verdict.Verdict;
    }
}
