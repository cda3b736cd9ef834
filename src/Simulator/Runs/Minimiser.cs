using Cluster.Lab;
using Cluster.Lab.Checkers;
using Cluster.Lab.Scenarios;
using Cluster.Lab.Schedules;
using Cluster.Shared.Scenarios;

namespace Cluster.Simulator.Runs;

/// <summary>
/// Makes the schedule of a failing run shorter for as long as it fails: halves of its faults away, then single ones, then shorter ones (delta debugging, Zeller and
/// Hildebrandt 2002). Each try is a whole run with the same seed.
/// </summary>
internal sealed class Minimiser(IReadOnlyList<string> flaws, TextWriter output)
{
    /// <summary>Tries at most: each takes about a second.</summary>
    private const int MostTries = 120;

    /// <summary>Nothing below this is made shorter still.</summary>
    private static readonly TimeSpan ShortestLength = TimeSpan.FromMilliseconds(100);

    private int tries;

    public (ScenarioPlan Plan, SeedOutcome Outcome) Shorten(ScenarioPlan plan, SeedOutcome outcome)
    {
        var before = plan.Schedule.Faults.Count;
        for (var size = Math.Max(1, before / 2); size >= 1; size /= 2)
        {
            for (var at = 0; at < plan.Schedule.Faults.Count;)
            {
                var without = plan.Schedule.Faults.Where((_, number) => number < at || number >= at + size).ToList();
                if (!Try(ref plan, ref outcome, without))
                {
                    at += size;
                }
            }
        }

        for (var at = 0; at < plan.Schedule.Faults.Count; at++)
        {
            while (plan.Schedule.Faults[at] is var fault && fault.Length >= 2 * ShortestLength && Try(ref plan, ref outcome, Shorter(plan.Schedule, at)))
            {
            }
        }

        output.WriteLine($"{before} faults, {plan.Schedule.Faults.Count} after {tries} runs");
        return (plan, outcome);
    }

    private static List<PlannedFault> Shorter(FaultSchedule schedule, int at) =>
        [.. schedule.Faults.Select((fault, number) => number == at ? fault with { Length = TimeSpan.FromMilliseconds(Math.Round(fault.Length.TotalMilliseconds / 2)) } : fault)];

    private bool Try(ref ScenarioPlan plan, ref SeedOutcome outcome, List<PlannedFault> faults)
    {
        if (tries >= MostTries)
        {
            return false;
        }

        tries++;
        var shorter = plan with { Schedule = new FaultSchedule(faults) };
        try
        {
            if (SeedRun.Play(shorter, flaws) is { Verdict.Verdict: Verdict.Violated } still)
            {
                (plan, outcome) = (shorter, still);
                return true;
            }
        }
        catch (LabException)
        {
            // Another failure than the one that is looked for.
        }

        return false;
    }
}
