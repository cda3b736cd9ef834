using Cluster.Client.Output;
using Cluster.Lab.Checkers;
using Cluster.Lab.Histories;
using Cluster.Lab.Workloads;
using Spectre.Console;

namespace Cluster.Client.Elastic;

/// <summary>Judges an elastic run: no request failed at a node that stayed or that left in good order, nothing acknowledged was lost, one history. Doubt is unknown.</summary>
internal static class ElasticVerdict
{
    public static Verdict Judge(ElasticFinding finding, string historyPath)
    {
        var history = HistoryReader.Read(historyPath);
        var lost = new AcknowledgedWritesChecker().Check(history);
        var order = new LinearizabilityChecker(KeyValueModel.Kv, CheckLimits.Default, TimeProvider.System).Check(history);
        Say("staying", Served(finding.Staying), Format.Progress(finding.Staying));
        Say("leaving", Served(finding.Moving), $"{Format.Progress(finding.Moving)}; {Format.Count(finding.Moving.SentAgain)} sent again to another node");
        Say("durability", lost.Verdict, lost.Summary);
        Say("consistency", order.Verdict, order.Summary);
        foreach (var detail in lost.Details.Concat(order.Details))
        {
            Console.WriteLine("             " + detail);
        }

        Terminal.Console.MarkupLine($"[grey]history[/]      {Markup.Escape(historyPath)} (lab check FILE --model kv)");
        if (finding.Doubt is not null)
        {
            Terminal.Console.MarkupLine(Format.Doubtful(finding.Doubt));
        }

        Verdict[] all = [Served(finding.Staying), Served(finding.Moving), lost.Verdict, order.Verdict];
        var verdict = all.Contains(Verdict.Violated) ? Verdict.Violated : finding.Doubt is not null || all.Contains(Verdict.Unknown) ? Verdict.Unknown : Verdict.Holds;
        Terminal.Console.MarkupLine($"[bold]{Format.Verdict(verdict)}[/]");
        return verdict;
    }

    private static Verdict Served(WorkloadProgress progress) => progress is { Refused: 0, Unknown: 0 } ? Verdict.Holds : Verdict.Violated;

    private static void Say(string label, Verdict verdict, string summary)
    {
        var colour = verdict switch { Verdict.Holds => "green", Verdict.Violated => "red", _ => "yellow" };
        Terminal.Console.MarkupLine($"[grey]{label,-12}[/] [{colour}]{Markup.Escape(summary)}[/]");
    }
}
