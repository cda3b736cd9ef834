using Cluster.Shared.Scenarios;

namespace Cluster.Lab.Schedules;

/// <summary>What of a schedule really happened. A run whose planned fault did not happen has shown nothing about it.</summary>
public sealed class FaultTally
{
    private readonly SortedDictionary<FaultType, int> happened = [];
    private readonly List<(PlannedFault Fault, string Because)> missed = [];

    /// <summary>How many of each kind began.</summary>
    public IReadOnlyDictionary<FaultType, int> Happened => happened;

    /// <summary>Those that did not, with the reason.</summary>
    public IReadOnlyList<(PlannedFault Fault, string Because)> Missed => missed;

    public void Count(PlannedFault fault) => happened[fault.Kind] = happened.GetValueOrDefault(fault.Kind) + 1;

    public void Miss(PlannedFault fault, string because) => missed.Add((fault, because));

    /// <summary>The first fault that did not happen, in words; null when all did.</summary>
    public string? FirstMissed => missed.Count == 0 ? null : $"{ScheduleNames.Of(missed[0].Fault.Kind)} at {ScheduleNames.Of(missed[0].Fault.Start)} never happened: {missed[0].Because}";

    /// <summary>Kinds that the schedule plans and that never happened, in words; null when each happened at least once.</summary>
    public string? NeverHappened(FaultSchedule schedule)
    {
        var never = schedule.Faults.Select(fault => fault.Kind).Distinct().Where(kind => !happened.ContainsKey(kind)).ToList();
        return never.Count == 0 ? null
            : "planned, and never happened: " + string.Join("; ", never.Select(kind => $"{ScheduleNames.Of(kind)} ({missed.Find(miss => miss.Fault.Kind == kind).Because ?? "the run ended before"})"));
    }
}
