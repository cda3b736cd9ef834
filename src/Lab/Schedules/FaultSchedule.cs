using Cluster.Shared.Scenarios;

namespace Cluster.Lab.Schedules;

/// <summary>Which faults happen when: written by hand in <c>faults.json</c>, or made from a seed. The same schedule can be run again, on any backend.</summary>
/// <param name="Faults">In order of their starts.</param>
public sealed record FaultSchedule(IReadOnlyList<PlannedFault> Faults)
{
    public static readonly FaultSchedule Empty = new([]);

    /// <summary>When the last of them is over.</summary>
    public TimeSpan End => Faults.Select(fault => fault.Start + fault.Length).DefaultIfEmpty(TimeSpan.Zero).Max();
}
