using System.Globalization;
using Cluster.Lab.Checkers;
using Cluster.Lab.Schedules;

namespace Cluster.Lab.Scenarios;

/// <summary>What a run showed, in plain lines: what holds and what does not, which checker showed it, under which faults. The verdict is not among them.</summary>
public static class GuaranteeCard
{
    private const int LabelWidth = 30;

    public static IEnumerable<string> Lines(RunOutcome outcome)
    {
        var progress = outcome.Finding.Progress;
        yield return Line("clients", string.Create(CultureInfo.InvariantCulture, $"{progress.Answered:N0} operations answered, {progress.Refused:N0} refused, {progress.Unknown:N0} unknown"));
        yield return Line("faults", Faults(outcome.Finding.Faults));
        foreach (var result in outcome.Verdict.Results)
        {
            yield return Line(result.Checker, $"{Word(result.Verdict)}: {result.Summary}");
            foreach (var detail in result.Verdict == Verdict.Holds ? [] : result.Details)
            {
                yield return new string(' ', LabelWidth + 3) + detail;
            }
        }

        foreach (var text in outcome.Plan.Scenario.NotPromised)
        {
            yield return Line("not promised", text);
        }

        if (outcome.Verdict.Doubt is { } doubt)
        {
            yield return Line("doubt", doubt);
        }
    }

    public static string Faults(FaultTally tally) => tally.Happened.Count == 0 ? "none" : string.Join(", ", tally.Happened.Select(fault => $"{ScheduleNames.Of(fault.Key)} {fault.Value}{(tally.OfDatabase.TryGetValue(fault.Key, out var struck) ? $" ({struck} of the database)" : "")}"));

    private static string Line(string label, string text) => $"{label.PadRight(LabelWidth)}   {text}";

    private static string Word(Verdict verdict) => verdict.ToString().ToLowerInvariant();
}
