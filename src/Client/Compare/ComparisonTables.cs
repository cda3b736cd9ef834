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
        Console.WriteLine("ops/s, latency: 3 nodes unless it says otherwise, half reads, half writes. cut off, others: share served at a node without a majority, and at the others. recovers: after the owner was killed. msgs: counted (theory).");
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
        var words = new ComparisonWords(mode);
        return
        [
            Format.Plain(mode.Slug),
            Format.Plain(mode.ClaimedModel),
            Format.Plain(words.Found),
            mode.Verdict switch { "holds" => Format.Good(mode.Verdict), "violated" => Format.Bad(mode.Verdict), _ => Format.Doubtful(mode.Verdict) },
            words.UsualPerSecond,
            words.Scaling,
            words.WriteMedian,
            words.WriteSlowest,
            words.CutOff,
            words.Others,
            words.OwnerKilled,
            mode.Safety is { Lost: > 0 } ? Format.Bad(words.Lost) : words.Lost,
            words.Stale,
            words.Converged,
            words.GetCost,
            words.PutCost,
        ];
    }
}
