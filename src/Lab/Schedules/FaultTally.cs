using Cluster.Shared.Scenarios;

namespace Cluster.Lab.Schedules;

/// <summary>What of a schedule really happened. A run whose planned fault did not happen has shown nothing about it.</summary>
public sealed class FaultTally
{
    private readonly SortedDictionary<FaultType, int> happened = [];
    private readonly SortedDictionary<FaultType, int> ofDatabase = [];
    private readonly List<(PlannedFault Fault, string Because)> missed = [];

    /// <summary>How many of each kind began.</summary>
    public IReadOnlyDictionary<FaultType, int> Happened => happened;

    /// <summary>Of them, those that struck the database.</summary>
    public IReadOnlyDictionary<FaultType, int> OfDatabase => ofDatabase;

    /// <summary>Those that did not, with the reason.</summary>
    public IReadOnlyList<(PlannedFault Fault, string Because)> Missed => missed;

    public void Count(PlannedFault fault)
    {
        happened[fault.Kind] = happened.GetValueOrDefault(fault.Kind) + 1;
        if (IsOfDatabase(fault))
        {
            ofDatabase[fault.Kind] = ofDatabase.GetValueOrDefault(fault.Kind) + 1;
        }
    }

    public void Miss(PlannedFault fault, string because) => missed.Add((fault, because));

    /// <summary>The first fault that did not happen, in words; null when all did.</summary>
    public string? FirstMissed => missed.Count == 0 ? null : $"{ScheduleNames.Of(missed[0].Fault.Kind)} at {ScheduleNames.Of(missed[0].Fault.Start)} never happened: {missed[0].Because}";

    /// <summary>Kinds that the schedule plans and that never happened, in words; null when each happened at least once. What strikes the database is another kind than what strikes a node.</summary>
    public string? NeverHappened(FaultSchedule schedule)
    {
        var never = schedule.Faults.Select(Key).Distinct().Where(key => (key.OfDatabase ? ofDatabase : happened).GetValueOrDefault(key.Kind) - (key.OfDatabase ? 0 : ofDatabase.GetValueOrDefault(key.Kind)) == 0).ToList();
        return never.Count == 0 ? null
            : "planned, and never happened: " + string.Join("; ", never.Select(key => $"{ScheduleNames.Of(key.Kind)}{(key.OfDatabase ? " of the database" : "")} ({missed.Find(miss => Key(miss.Fault) == key).Because ?? "the run ended before"})"));
    }

    private static bool IsOfDatabase(PlannedFault fault) => fault.Target == FaultRole.Database;

    private static (FaultType Kind, bool OfDatabase) Key(PlannedFault fault) => (fault.Kind, IsOfDatabase(fault));
}
