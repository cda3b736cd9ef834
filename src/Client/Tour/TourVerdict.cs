using Cluster.Client.Output;
using Cluster.Lab.Checkers;
using Cluster.Lab.Histories;
using Cluster.Lab.Reports;
using Spectre.Console;

namespace Cluster.Client.Tour;

/// <summary>Judges the tour from its history file, as anyone could later: unavailability, lost writes, linearizability. Doubt is unknown, never a pass.</summary>
internal sealed class TourVerdict(Narrator narrator, string historyPath, string reportPath)
{
    public Verdict Judge(TourFinding finding)
    {
        narrator.Step("Judge", "From the recorded answers alone; the checkers know nothing of how the cluster works.");
        var history = HistoryReader.Read(historyPath);
        var lost = new AcknowledgedWritesChecker().Check(history);
        var order = new LinearizabilityChecker(KeyValueModel.Kv, CheckLimits.Default, TimeProvider.System).Check(history);
        narrator.SayMarkup($"[grey]clients[/]       {Format.Progress(finding.Progress)}");
        var answered = SayAvailability(history, finding);
        Say("durability", lost);
        Say("consistency", order);
        narrator.SayMarkup($"[grey]history[/]       {Markup.Escape(historyPath)} (lab check FILE --model kv)");
        var doubt = finding.Doubt ?? (answered ? null : "the shard did not answer again");
        if (doubt is not null)
        {
            narrator.SayMarkup(Format.Doubtful(doubt));
        }

        var verdict = lost.Verdict == Verdict.Violated || order.Verdict == Verdict.Violated ? Verdict.Violated
            : doubt is not null || lost.Verdict == Verdict.Unknown || order.Verdict == Verdict.Unknown ? Verdict.Unknown
            : Verdict.Holds;
        WriteReport(verdict, history, [lost, order], doubt);
        Terminal.Console.WriteLine();
        Terminal.Console.MarkupLine($"[bold]{Format.Verdict(verdict)}[/]");
        return verdict;
    }

    private void WriteReport(Verdict verdict, History history, IReadOnlyList<CheckResult> results, string? doubt)
    {
        ReportWriter.Write(reportPath, new RunReport("Tour: the leader of a shard is killed under load", verdict, history, results)
        {
            Question = "Is anything acknowledged lost, or read wrongly, when the leader of a shard is killed with SIGKILL, and how long are its keys not served?",
            Doubt = doubt,
            Facts = [new("history", historyPath), new("again", "lab tour")],
        });
        narrator.SayMarkup($"[grey]report[/]        {Markup.Escape(reportPath)} (open it in a browser)");
    }

    private bool SayAvailability(History history, TourFinding finding)
    {
        if (finding.Target is not { } target)
        {
            return false;
        }

        var again = Availability.AnsweredAfter(history, target.Keys.Contains, finding.KilledAt);
        var words = again is { } gap ? $"{target.Name} answered again after {Format.Duration(gap)}" : $"{target.Name} never answered again";
        var others = finding.Shards
            .Where(shard => shard.Leader == target.Leader && shard.Shard > 0)
            .Select(shard => TourTarget.KeysOf(shard, [.. history.Operations.Select(operation => operation.Key).Where(key => key.StartsWith("work:", StringComparison.Ordinal)).Distinct()]))
            .Where(keys => keys.Count > 0)
            .Select(keys => Availability.AnsweredAfter(history, keys.Contains, finding.KilledAt))
            .ToList();
        var slowest = others.TrueForAll(other => other is not null) && others.Count > 1 ? $"; the slowest of the {others.Count} shards that {target.Leader} led after {Format.Duration(others.Max()!.Value)}" : "";
        narrator.SayMarkup($"[grey]availability[/]  {Markup.Escape(words + slowest)}");
        return again is not null;
    }

    private void Say(string label, CheckResult result)
    {
        var summary = Markup.Escape(result.Summary);
        var colour = result.Verdict switch { Verdict.Holds => "green", Verdict.Violated => "red", _ => "yellow" };
        narrator.SayMarkup($"[grey]{label,-13}[/] [{colour}]{summary}[/]");
        foreach (var detail in result.Details)
        {
            narrator.Say("              " + detail);
        }
    }
}
