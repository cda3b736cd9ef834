using System.Globalization;
using System.Text;

namespace Cluster.Lab.Comparison;

/// <summary>A comparison as pages in Markdown: <c>docs/compare.md</c>, and the short table of the README and <c>docs/modes.md</c>. Made from the figures alone; a test holds the pages against them.</summary>
public static class ComparisonMarkdown
{
    private const string None = "–";

    /// <summary>Everything that fits a page.</summary>
    public static string Page(ComparisonReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        var page = new StringBuilder("# The storage modes, measured\n\n");
        page.Append(CultureInfo.InvariantCulture, $"A run of `./lab compare --seconds {report.Seconds:0.#} --seed {report.Seed}`: {report.Date}, {report.Machine}. All nodes share one machine's processors: compare the rows, not the figures with other machines. The page `report.html` of a run shows more: plots, every fault, the textbook's adjectives. Made from [samples/compare.json](samples/compare.json) by `./lab compare --from docs/samples/compare.json -o markdown > docs/compare.md`.\n\n");
        Table(
            page,
            ["mode", "claims", "found under faults", "verdict", $"ops/s on {string.Join(", ", report.Sizes)} nodes", "write p50, p99", "cut-off node, the others", "owner killed: again after", "lost", "stale reads, oldest", "converged", "messages get, put (theory)", "lines"],
            report.Modes.Select(Row));
        page.Append("\ncut-off node, the others: the lowest share of operations that was served there while a node was cut off. owner killed: until the other nodes answered everything again, within a tenth of a second each; 0.0: nobody noticed. stale: certainly stale, a lower bound. lost: acknowledged writes that the last readings do not have. A size at which a mode refuses its usual writes, for want of nodes, has no throughput.\n");
        Contradictions(page, report);
        Dials(page, report);
        foreach (var mode in report.Modes.Where(mode => mode.Failed is not null))
        {
            page.Append(CultureInfo.InvariantCulture, $"\n{mode.Slug} was not measured to the end: {mode.Failed}\n");
        }

        return page.ToString();
    }

    /// <summary>A line a mode.</summary>
    public static string Digest(ComparisonReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        var page = new StringBuilder("## The storage modes, measured\n\n");
        Table(page, ["mode", "found under faults", "ops/s", "write p50", "cut-off node serves", "owner killed: again after", "lost", "stale reads"], report.Modes.Select(mode =>
        {
            var words = new ComparisonWords(mode);
            return new[] { mode.Slug, words.Found, words.UsualPerSecond, words.WriteMedian, words.CutOff, words.OwnerKilled, words.Lost, words.Stale };
        }));
        page.Append(CultureInfo.InvariantCulture, $"\n{report.Date}; {report.FaultNodes} nodes on one machine: {report.Machine}. cut-off node serves: the share of what it was asked while it was cut off.\n");
        return page.ToString();
    }

    private static string[] Row(ModeComparison mode)
    {
        var words = new ComparisonWords(mode);
        return
        [
            mode.Slug,
            mode.ClaimedModel,
            words.Found,
            mode.Verdict,
            words.EachPerSecond,
            $"{words.WriteMedian}, {words.WriteSlowest}",
            $"{words.CutOff}, {words.Others}",
            words.OwnerKilled,
            mode.Safety is { } safety ? Say($"{safety.Lost:N0} of {safety.Acknowledged:N0}") : None,
            mode.Safety is { StaleShare: > 0 } old ? Say($"{words.Stale}, {old.StaleMaxMs:N0} ms") : words.Stale,
            words.Converged,
            mode.Cost is { } cost ? Say($"{cost.Get:0.0}, {cost.Put:0.0} ({cost.GetTheory:0.0}, {cost.PutTheory:0.0})") : None,
            mode.LinesOfCode is { } lines ? Say($"{lines:N0}") : None,
        ];
    }

    private static void Contradictions(StringBuilder page, ComparisonReport report)
    {
        var lines = report.Modes.SelectMany(mode => mode.Remarks.Where(remark => remark.Agrees == false).Select(remark => $"- {mode.Slug}: printed \"{remark.Printed}\" {remark.Column}; measured: {remark.Measured}\n")).ToList();
        page.Append(lines.Count == 0 ? "\nNo measurement contradicts the textbooks' adjectives.\n" : "\nWhere the measurement contradicts the adjective that textbooks print:\n\n").AppendJoin("", lines);
    }

    private static void Dials(StringBuilder page, ComparisonReport report)
    {
        page.Append("\nDials, with one node's links 20 ms slower:\n\n");
        Table(page, ["mode", "dial", "claims", "ops/s", "read p99", "write p99", "stale"], report.Modes.SelectMany(mode => mode.Dial.Select(point => new[]
        {
            mode.Slug,
            $"`{point.Dial}`",
            point.ClaimedModel,
            Say($"{point.PerSecond:N0}"),
            Say($"{point.ReadP99Ms:0.0} ms"),
            Say($"{point.WriteP99Ms:0.0} ms"),
            Say($"{100 * point.StaleShare:0.00} %"),
        })));
    }

    private static void Table(StringBuilder page, IReadOnlyList<string> heads, IEnumerable<string[]> rows)
    {
        page.Append("| ").AppendJoin(" | ", heads).Append(" |\n|").Insert(page.Length, "---|", heads.Count).Append('\n');
        foreach (var row in rows)
        {
            page.Append("| ").AppendJoin(" | ", row).Append(" |\n");
        }
    }

    private static string Say(FormattableString words) => words.ToString(CultureInfo.InvariantCulture);
}
