using System.Globalization;
using Cluster.Lab.Histories;
using Cluster.Lab.Reports;
using Cluster.Lab.Schedules;

namespace Cluster.Lab.Checkers;

/// <summary>
/// What is answered while the database that all nodes share is dead or stopped: nothing may be. An answer then would have come from a node, which is to keep nothing, or the database was not away; either way the run would not have
/// shown a single point of failure.
/// </summary>
public sealed class DatabaseOutageChecker : IChecker
{
    /// <summary>Before the end of an outage stands in the history, the database has begun to come back.</summary>
    private static readonly long Margin = (long)TimeSpan.FromMilliseconds(200).TotalNanoseconds;

    private static readonly string[] Outages = ["kill", "pause"];

    public string Name => "database outage";

    public bool Understands(Operation operation) => true;

    public CheckResult Check(History history)
    {
        ArgumentNullException.ThrowIfNull(history);
        var outages = FaultBand.Of(history).Where(band => band.Target == FaultRole.Database && Outages.Contains(band.Fault)).Select(band => EndedByRestart(band, history)).ToList();
        var answered = new List<Operation>();
        long asked = 0;
        foreach (var outage in outages)
        {
            var during = history.Operations.Where(operation => operation.Call >= outage.Start && operation.Call < outage.End - Margin).ToList();
            asked += during.Count;
            answered.AddRange(during.Where(operation => operation.Outcome == Outcome.Ok && operation.Return < outage.End - Margin));
        }

        if (asked == 0)
        {
            return new CheckResult(Name, Verdict.Unknown, outages.Count == 0 ? "the database was not away" : "nobody asked while the database was away", []);
        }

        var away = outages.Sum(outage => (outage.End - outage.Start) / 1e9);
        var summary = string.Create(CultureInfo.InvariantCulture, $"availability {100.0 * answered.Count / asked:0.##} % while the database was away: {answered.Count} of {asked} operations answered in {outages.Count} outages of {away:0.0} s together");
        return answered.Count == 0
            ? new CheckResult(Name, Verdict.Holds, summary, [])
            : new CheckResult(Name, Verdict.Violated, summary, ["an answer came from somewhere else than the database, or the database was not away"]) { Piece = [.. answered.Take(1)] };
    }

    /// <summary>A database that another fault starts again is back, whatever stopped it: the band of a pause lasts on until its own resume, which has nothing to resume then.</summary>
    private static FaultBand EndedByRestart(FaultBand band, History history) =>
        band with { End = history.Faults.Where(fault => fault.Fault == "restart" && fault.Target == FaultRole.Database && fault.At > band.Start).Select(fault => fault.At).Append(band.End).Min() };
}
