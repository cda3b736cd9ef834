using System.Globalization;
using Cluster.Lab.Histories;
using Cluster.Lab.Reports;

namespace Cluster.Lab.Checkers;

/// <summary>
/// What a node that is cut off from all others answers to those who read there: the share that was answered, how long after the cut the last of them was, and how far behind they certainly were. That is the choice
/// between consistency and availability, measured.
/// </summary>
/// <param name="leastPercent">Of the reads that it is asked, how many it must answer; 0: only measured.</param>
public sealed class CutOffChecker(int leastPercent) : IChecker
{
    private static readonly string[] Cuts = ["cut", "isolate"];

    public string Name => leastPercent == 0 ? "cut off" : "answers while cut off";

    public bool Understands(Operation operation) => operation.IsRead || operation is { Op: "write", Input: [not null] };

    public CheckResult Check(History history)
    {
        var reads = new HashSet<Operation>();
        long asked = 0, last = 0;
        var cuts = FaultBand.Of(history).Where(band => Cuts.Contains(band.Fault)).ToList();
        foreach (var cut in cuts)
        {
            var during = history.Operations.Where(operation => operation.IsRead && operation.Node == Struck(cut) && operation.Call >= cut.Start && operation.Call < cut.End).ToList();
            var answered = during.Where(operation => operation.Outcome == Outcome.Ok && operation.Return <= cut.End).ToList();
            asked += during.Count;
            reads.UnionWith(answered);
            last = Math.Max(last, answered.Select(operation => operation.Call - cut.Start).DefaultIfEmpty(0).Max());
        }

        if (asked == 0)
        {
            // Whether a node is cut off is up to the schedule. Where one was, a promise about it that nobody tried is not shown.
            var isUntried = leastPercent > 0 && cuts.Count > 0;
            return new CheckResult(Name, isUntried ? Verdict.Unknown : Verdict.Holds, cuts.Count == 0 ? "no node was cut off" : "nobody read at a node that was cut off", []);
        }

        var staleness = Staleness.Of(new History([.. history.Operations.Where(operation => !operation.IsRead || reads.Contains(operation))], []));
        var summary = string.Create(CultureInfo.InvariantCulture, $"{reads.Count} of {asked} reads answered, the last {last / 1e6:0} ms after the cut")
            + (staleness.Stale.Count == 0 ? ", none certainly stale" : string.Create(CultureInfo.InvariantCulture, $", {100 * staleness.Share:0.#} % stale by up to {staleness.AgePercentile(100) / 1e6:0} ms"));
        return reads.Count * 100 >= asked * leastPercent
            ? new CheckResult(Name, Verdict.Holds, summary, [])
            : new CheckResult(Name, Verdict.Violated, summary, [$"it answered fewer than {leastPercent} % of them"]);
    }

    /// <summary>The side of one node; null where both have more.</summary>
    private static string? Struck(FaultBand cut) => cut.Target.Split('/').Select(side => side.Split([',', ' '], StringSplitOptions.RemoveEmptyEntries)).FirstOrDefault(side => side.Length == 1)?[0];
}
