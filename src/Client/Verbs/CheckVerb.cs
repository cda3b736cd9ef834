using System.CommandLine;
using Cluster.Client.Output;
using Cluster.Lab.Checkers;
using Cluster.Lab.Histories;
using Cluster.Lab.Reports;
using Spectre.Console;

namespace Cluster.Client.Verbs;

/// <summary>Judges a recorded history, ours or from elsewhere. The verdict is the last line and the exit code.</summary>
internal sealed class CheckVerb : Verb
{
    private readonly Argument<string> file = new("HISTORY") { Description = "A history.jsonl of ours, a history.edn of Jepsen, or a list of operations in JSON of Porcupine" };
    private readonly Option<string> model = new("--model") { Description = "What is promised; one of the models below", DefaultValueFactory = _ => "kv", HelpName = "MODEL" };
    private readonly Option<string?> report = VerbOptions.NotEmpty(new Option<string?>("--report") { Description = "Write the history and the verdict as a page (HTML) into this file", HelpName = "FILE" });
    private readonly Option<int> seconds = VerbOptions.Number("--seconds", "Time for the search; then the verdict is unknown", 60, 1, 86_400);

    public CheckVerb()
        : base("check", "Judge a history, ours, Jepsen's or Porcupine's, by a promise")
    {
        model.AcceptOnlyFromAmong([.. CheckerCatalog.All.Select(entry => entry.Name)]);
        Add(file);
        Add(model);
        Add(seconds);
        Add(report);
        SetAction(Run);
    }

    public override IReadOnlyList<string> Examples =>
    [
        "lab check .lab/tour/history.jsonl --model kv --report report.html",
        "lab check store/latest/history.edn --model strict-serializable",
        "lab check docs/samples/porcupine-kv-violated.json",
    ];

    public override IReadOnlyList<string> Notes => ["", "Models:", .. CheckerCatalog.All.Select(entry => $"  {entry.Name,-20} {entry.Claim}")];

    private int Run(ParseResult parsed)
    {
        var path = parsed.GetValue(file)!;
        if (!File.Exists(path))
        {
            throw new UsageException($"there is no file {path}");
        }

        if (parsed.GetValue(report) is { } wanted)
        {
            OutputPlace.CheckFile("--report", wanted);
        }

        var history = HistoryReader.Read(path);
        var limits = CheckLimits.Default with { Time = TimeSpan.FromSeconds(parsed.GetValue(seconds)) };
        var checker = CheckerCatalog.Find(parsed.GetValue(model)!)!.Create(limits, TimeProvider.System);
        var part = HistoryPart.Of(history, checker);
        RefuseMisfits(part.Part, checker, path, parsed.GetValue(model)!);
        if (part.LeftOut > 0)
        {
            Console.WriteLine($"left out: {Format.Count(part.LeftOut)} operations on keys of other workloads, which the model '{parsed.GetValue(model)}' says nothing about");
        }

        var result = checker.Check(part.Part);
        foreach (var detail in result.Details)
        {
            Console.WriteLine(detail);
        }

        if (parsed.GetValue(report) is { } page)
        {
            WriteReport(page, new RunReport($"{Path.GetFileName(path)} as {parsed.GetValue(model)}", result.Verdict, history, [result])
            {
                Facts = [new("history", Path.GetFullPath(path)), new("again", $"lab check {path} --model {parsed.GetValue(model)}")],
            });
        }

        Terminal.Console.MarkupLine($"{Format.Verdict(result.Verdict)}: {Markup.Escape(result.Summary)}");
        return (int)result.Verdict;
    }

    /// <summary>The exit code is the verdict's alone, so a disk that is full is only said.</summary>
    private static void WriteReport(string page, RunReport report)
    {
        try
        {
            ReportWriter.Write(page, report);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine($"lab: the report was not written: {refused.Message}");
        }
    }

    /// <summary>A history with operations that the promise gives no meaning is a mistake of the one who asks, not a verdict.</summary>
    private static void RefuseMisfits(History history, IChecker checker, string path, string model)
    {
        for (var at = 0; at < history.Operations.Count; at++)
        {
            if (!checker.Understands(history.Operations[at]))
            {
                var place = history.Lines is { } lines ? $"{path}, line {lines[at]}" : $"{path}, operation {at + 1}";
                throw new FormatException($"{place}: the model '{model}' gives no meaning to: {history.Operations[at]}; {Fitting(history)}");
            }
        }
    }

    /// <summary>Which models could judge the history; where none can, what is in it.</summary>
    private static string Fitting(History history)
    {
        var fitting = CheckerCatalog.OfOperations
            .Where(entry => history.Operations.All(entry.Create(CheckLimits.Default, TimeProvider.System).Understands))
            .Select(entry => entry.Name)
            .ToList();
        return fitting.Count > 0
            ? $"these models understand every operation of it: {string.Join(", ", fitting)}"
            : $"no model understands every operation of it; it has {string.Join(", ", history.Operations.Select(operation => operation.Op).Distinct().Order(StringComparer.Ordinal))} ('lab check --help' lists what each model knows)";
    }
}
