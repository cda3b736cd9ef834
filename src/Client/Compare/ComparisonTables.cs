using System.Globalization;
using Cluster.Client.Output;
using Cluster.Lab.Comparison;

namespace Cluster.Client.Compare;

/// <summary>The comparison as tables: what was measured, and where it contradicts what is printed.</summary>
internal static class ComparisonTables
{
    public static void Write(ComparisonReport report)
    {
        var listing = new Listing("mode", "claims", "found", "verdict", "ops/s", "5:3", "write p50", "p99", "cut off", "others", "recovers", "lost", "stale", "converged", "msgs get", "msgs put");
        foreach (var mode in report.Modes)
        {
            listing.Add(Row(mode));
        }

        listing.Write();
        Console.WriteLine();
        Console.WriteLine("ops/s, latency: 3 nodes, half reads, half writes. cut off, others: share served at a node without a majority, and at the others. recovers: after the owner was killed. msgs: counted (theory).");
        foreach (var (mode, remark) in report.Modes.SelectMany(mode => mode.Remarks.Where(remark => remark.Agrees == false).Select(remark => (mode, remark))))
        {
            Console.WriteLine($"contradicts the textbook: {mode.Slug}: printed '{remark.Printed}' {remark.Column}; measured: {remark.Measured}");
        }

        foreach (var mode in report.Modes.Where(mode => mode.Failed is not null))
        {
            Console.WriteLine($"not measured to the end: {mode.Slug}: {mode.Failed}");
        }
    }

    private static string[] Row(ModeComparison mode)
    {
        var (three, five) = (mode.Loads.FirstOrDefault(load => load.Nodes == 3), mode.Loads.FirstOrDefault(load => load.Nodes == 5));
        var cuts = mode.Faults.Where(fault => fault.Fault.StartsWith("cut", StringComparison.Ordinal)).ToList();
        var killed = mode.Faults.FirstOrDefault(fault => fault.Fault == "kill the owner");
        return
        [
            Format.Plain(mode.Slug),
            Format.Plain(mode.ClaimedModel),
            Format.Plain(mode.Safety?.Strongest),
            mode.Verdict switch { "holds" => Format.Good(mode.Verdict), "violated" => Format.Bad(mode.Verdict), _ => Format.Doubtful(mode.Verdict) },
            new ComparisonWords(mode).PerSecond(3),
            three is { PerSecond: > 0 } && five is not null ? Number(five.PerSecond / three.PerSecond, "0.00") : "-",
            three is null ? "-" : Number(three.WriteP50Ms, "0.00") + " ms",
            three is null ? "-" : Number(three.WriteP99Ms, "0.0") + " ms",
            Share(cuts.Select(cut => cut.Struck)),
            Share(cuts.Select(cut => cut.Others)),
            killed is null ? "-" : killed.RecoveredAfterSeconds is { } after ? Number(after, "0.0") + " s" : "no",
            mode.Safety is null ? "-" : mode.Safety.Lost > 0 ? Format.Bad(Number(mode.Safety.Lost, "N0")) : "0",
            mode.Safety is null ? "-" : Number(100 * mode.Safety.StaleShare, "0.##") + " %",
            mode.Safety is null ? "-" : mode.Safety.ConvergedAfterSeconds is { } converged ? Number(converged, "0.0") + " s" : "no",
            mode.Cost is null ? "-" : Cost(mode.Cost.Get, mode.Cost.GetTheory),
            mode.Cost is null ? "-" : Cost(mode.Cost.Put, mode.Cost.PutTheory),
        ];
    }

    private static string Cost(double counted, double theory) => $"{Number(counted, "0.0")} ({Number(theory, "0.0")})";

    private static string Share(IEnumerable<double?> shares) => shares.OfType<double>().ToList() is { Count: > 0 } known ? Number(100 * known.Min(), "0") + " %" : "-";

    private static string Number(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
