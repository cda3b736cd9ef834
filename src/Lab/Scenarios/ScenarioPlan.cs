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

    /// <summary>Without the faults that a cluster cannot be given; a schedule that somebody wrote stays as it is.</summary>
    public ScenarioPlan Without(IReadOnlyDictionary<FaultType, string> unsupported) =>
        IsScheduleGiven ? this : this with { Schedule = new FaultSchedule([.. Schedule.Faults.Where(fault => !unsupported.ContainsKey(fault.Kind))]) };

    /// <summary>A plan whose schedule the seed makes.</summary>
    /// <exception cref="LabException">There is no such bug.</exception>
    public static ScenarioPlan Generate(Scenario scenario, string? bug, int seed, TimeSpan span)
    {
        var played = bug is null ? scenario : scenario.With(Find(scenario, bug));
        return new ScenarioPlan(played, ScheduleGenerator.Generate(played.Faults, seed, span), seed, span, bug);
    }

    /// <exception cref="LabException">There is no such bug.</exception>
    public static BrokenVariant Find(Scenario scenario, string bug) => scenario.Bugs.FirstOrDefault(known => known.Name == bug)
        ?? throw new LabException($"{scenario.Slug} has no broken variant '{bug}'; it has {string.Join(", ", scenario.Bugs.Select(known => known.Name))}");
}
