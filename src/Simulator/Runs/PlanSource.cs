using System.Globalization;
using Cluster.Lab.Scenarios;
using Cluster.Lab.Schedules;
using Cluster.Modes;
using Cluster.Shared.Scenarios;
using Cluster.Simulator.Stage;

namespace Cluster.Simulator.Runs;

/// <summary>What an order makes of each mode and seed.</summary>
internal sealed class PlanSource(SimulationOrder order)
{
    /// <summary>Nodes more, in every other run without a bug: majorities of five go other ways than those of three.</summary>
    private const int NodesMore = 2;

    /// <exception cref="Lab.LabException">The mode has no such broken variant.</exception>
    /// <exception cref="FormatException">The schedule's file is none of this cluster.</exception>
    public ScenarioPlan Of(Mode mode, int seed)
    {
        var scenario = mode.Lab with { Nodes = order.Bug is null && !mode.Lab.HasFixedNodes && seed % 2 == 1 ? mode.Lab.Nodes + NodesMore : mode.Lab.Nodes };
        var plan = SeedRun.Paced(ScenarioPlan.Generate(scenario, order.Bug, seed, SpanOf(mode), order.Nodes).Without(SimulatedFaults.NotSimulated));
        return order.FaultsFile is not { } file ? plan
            : plan with { Schedule = ScheduleFile.Read(file, [.. Enumerable.Range(1, plan.Scenario.Nodes).Select(number => string.Create(CultureInfo.InvariantCulture, $"n{number}"))]), IsScheduleGiven = true };
    }

    public IReadOnlyList<string> FlawsOf(Mode mode) => order.Bug is { } bug ? ScenarioPlan.Find(mode.Lab, bug).Flaws : [];

    /// <summary>The command that plays one seed again.</summary>
    public string Again(Mode mode, int seed)
    {
        var parts = new List<string> { string.Create(CultureInfo.InvariantCulture, $"lab run {mode.Slug} --engine sim --seed {seed} --seconds {SpanOf(mode).TotalSeconds}") };
        if (order.Bug is { } bug)
        {
            parts.Add($"--bug {bug}");
        }

        if (order.Nodes is { } nodes)
        {
            parts.Add(string.Create(CultureInfo.InvariantCulture, $"--nodes {nodes}"));
        }

        if (order.FaultsFile is { } file)
        {
            parts.Add($"--faults {file}");
        }

        return string.Join(' ', parts);
    }

    private TimeSpan SpanOf(Mode mode) => order.Seconds is { } seconds ? TimeSpan.FromSeconds(seconds) : mode.Lab.Span;
}
