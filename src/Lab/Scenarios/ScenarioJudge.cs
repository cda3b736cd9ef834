using System.Globalization;
using Cluster.Lab.Checkers;
using Cluster.Lab.Histories;
using Cluster.Lab.Workloads;
using Cluster.Shared.Scenarios;

namespace Cluster.Lab.Scenarios;

/// <summary>
/// Reaches the verdict on a run from its recorded history: each workload by its own checkers, the recovery by the clock, and doubt where the run did not show what it
/// was to show. A violation is certain and counts whatever else is doubtful; doubt never passes.
/// </summary>
public static class ScenarioJudge
{
    /// <param name="own">What the stage itself has seen.</param>
    /// <param name="time">For the bounds of the checkers.</param>
    public static ScenarioVerdict Judge(ScenarioFinding finding, History history, IReadOnlyList<CheckResult> own, TimeProvider time)
    {
        var results = own.ToList();
        foreach (var (number, workload) in finding.IsBrokenOff ? [] : finding.Plan.Scenario.Workloads.Index())
        {
            var first = number * ScenarioRun.ProcessesEach;
            var part = new History([.. history.Operations.Where(operation => operation.Process >= first && operation.Process < first + ScenarioRun.ProcessesEach)], history.Faults);
            results.AddRange(CheckersOf(workload).Select(checker => Check(workload, checker, part, time)));
        }

        results.AddRange(finding.EndedThemselves.Select(node => new CheckResult("nodes live", Verdict.Violated, $"{node.Key} ended itself for no fault of its disk", [.. node.Value.Split('\n')])));
        results.Add(Recovery(finding));
        var doubt = finding.Doubt ?? finding.Plan.LeftOut ?? (finding.Plan.IsScheduleGiven ? finding.Faults.FirstMissed : null) ?? finding.Faults.NeverHappened(finding.Plan.Schedule) ?? TooFew(finding);
        var verdict = results.Exists(result => result.Verdict == Verdict.Violated) ? Verdict.Violated
            : doubt is not null || results.Exists(result => result.Verdict == Verdict.Unknown) ? Verdict.Unknown
            : Verdict.Holds;
        return new ScenarioVerdict(verdict, doubt, results);
    }

    private static IReadOnlyList<string> CheckersOf(ScenarioWorkload workload) => workload.Checkers.Count > 0 ? workload.Checkers
        : WorkloadCatalog.Find(workload.Name)!.CheckersOf(ScenarioRun.ConsistencyOf(workload));

    private static CheckResult Check(ScenarioWorkload workload, string checker, History part, TimeProvider time)
    {
        var entry = CheckerCatalog.Find(checker) ?? throw new LabException($"there is no checker '{checker}'; there are {string.Join(", ", CheckerCatalog.All.Select(known => known.Name))}");
        var result = entry.Create(CheckLimits.Default, time).Check(part);
        return result with { Checker = $"{workload.Name}: {result.Checker}" };
    }

    private static CheckResult Recovery(ScenarioFinding finding)
    {
        const string Name = "recovery";
        return finding.Recovery switch
        {
            null => new CheckResult(Name, Verdict.Unknown, "the run ended before everything was healed", []),
            { NotReadyBecause: null } quick => new CheckResult(Name, Verdict.Holds, string.Create(CultureInfo.InvariantCulture, $"every node served again {quick.After.TotalSeconds:0.00} s after the last fault was taken back"), []),
            { NotReadyBecause: { } because } slow => new CheckResult(Name, Verdict.Violated, string.Create(CultureInfo.InvariantCulture, $"not every node served {slow.After.TotalSeconds:0.#} s after the last fault was taken back"), [because]),
        };
    }

    private static string? TooFew(ScenarioFinding finding)
    {
        var least = (long)(finding.Plan.Scenario.AnsweredPerSecondMin * finding.Plan.Span.TotalSeconds);
        return finding.Progress.Answered >= least ? null
            : string.Create(CultureInfo.InvariantCulture, $"only {finding.Progress.Answered} operations were answered, which shows nothing: at least {least} were to be");
    }
}
