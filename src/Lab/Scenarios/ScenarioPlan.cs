using Cluster.Lab.Schedules;
using Cluster.Shared.Scenarios;

namespace Cluster.Lab.Scenarios;

/// <summary>One run of a scenario, decided: everything that is needed to do it again.</summary>
/// <param name="Scenario">With the bug in it, where there is one.</param>
/// <param name="Schedule">Which faults happen when.</param>
/// <param name="Seed">Chooses operations, keys, and the nodes of roles.</param>
/// <param name="Span">How long the clients work under faults.</param>
/// <param name="Bug">The broken variant's name; null for the mode as it is meant.</param>
public sealed record ScenarioPlan(Scenario Scenario, FaultSchedule Schedule, int Seed, TimeSpan Span, string? Bug = null)
{
    /// <summary>Begins the names of all keys, so that runs can share a cluster.</summary>
    public string KeyPrefix { get; init; } = "";

    /// <summary>Whether somebody wrote the schedule down: then every fault of it must happen, not only each kind.</summary>
    public bool IsScheduleGiven { get; init; }

    /// <summary>What the mode is to be shown under and cannot be here, in words: nothing that this run shows is enough then. Null: nothing is missing.</summary>
    public string? LeftOut { get; init; }

    /// <summary>The plan for a cluster that cannot be given those faults: its seed makes a schedule of the others. A schedule that somebody wrote stays as it is.</summary>
    /// <param name="unsupported">Kinds, each with the reason.</param>
    /// <exception cref="LabException">No fault of the scenario is left, so that it would show nothing.</exception>
    /// <param name="noDatabase">Why no fault can strike the database; a mode that is shown by such faults is then not shown. Null: they can.</param>
    public ScenarioPlan Without(IReadOnlyDictionary<FaultType, string> unsupported, string? noDatabase = null)
    {
        var mix = Scenario.Faults with { Shares = [.. Scenario.Faults.Shares.Where(share => WhyNot(share) is null)] };
        return IsScheduleGiven || mix.Shares.Count == Scenario.Faults.Shares.Count ? this
            : mix.Shares.Count > 0 ? this with { Schedule = ScheduleGenerator.Generate(mix, Seed, Span), LeftOut = Scenario.Faults.Shares.Any(share => share.Target == FaultRole.Database) && noDatabase is not null ? $"no fault struck the database: {noDatabase}" : null }
            : throw new LabException($"no fault of this lab can be done on this cluster: {string.Join("; ", Scenario.Faults.Shares.Select(share => $"{ScheduleNames.Of(share.Kind)}: {WhyNot(share)}").Distinct())}");

        string? WhyNot(FaultShare share) => unsupported.GetValueOrDefault(share.Kind) ?? (share.Target == FaultRole.Database ? noDatabase : null);
    }

    /// <summary>A plan whose schedule the seed makes.</summary>
    /// <param name="nodes">Of the cluster, whatever the scenario or the bug says; null: as they say.</param>
    /// <exception cref="LabException">There is no such bug.</exception>
    public static ScenarioPlan Generate(Scenario scenario, string? bug, int seed, TimeSpan span, int? nodes = null)
    {
        var played = bug is null ? scenario : scenario.With(Find(scenario, bug));
        played = played with { Nodes = nodes ?? played.Nodes };
        return new ScenarioPlan(played, ScheduleGenerator.Generate(played.Faults, seed, span), seed, span, bug);
    }

    /// <exception cref="LabException">There is no such bug.</exception>
    public static BrokenVariant Find(Scenario scenario, string bug) => scenario.Bugs.FirstOrDefault(known => known.Name == bug)
        ?? throw new LabException($"{scenario.Slug} has no broken variant '{bug}'; it has {string.Join(", ", scenario.Bugs.Select(known => known.Name))}");
}
