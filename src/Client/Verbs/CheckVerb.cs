using System.CommandLine;
using Cluster.Client.Output;
using Cluster.Lab.Checkers;
using Cluster.Lab.Histories;
using Spectre.Console;

namespace Cluster.Client.Verbs;

/// <summary>Judges a recorded history, ours or from elsewhere. The verdict is the last line and the exit code.</summary>
internal sealed class CheckVerb : Verb
{
    private readonly Argument<string> file = new("HISTORY") { Description = "A history.jsonl" };
    private readonly Option<string> model = new("--model") { Description = "What one key means: register, kv or counter", DefaultValueFactory = _ => "kv", HelpName = "MODEL" };
    private readonly Option<int> seconds = VerbOptions.Number("--seconds", "Time for the search; then the verdict is unknown", 60, 1, 86_400);

    public CheckVerb()
        : base("check", "Judge a history: linearizable or not")
    {
        model.AcceptOnlyFromAmong([.. KeyValueModel.All.Select(known => known.Name)]);
        Add(file);
        Add(model);
        Add(seconds);
        SetAction(Run);
    }

    public override IReadOnlyList<string> Examples => ["lab check .lab/tour/history.jsonl --model kv"];

    private int Run(ParseResult parsed)
    {
        var path = parsed.GetValue(file)!;
        if (!File.Exists(path))
        {
            throw new UsageException($"there is no file {path}");
        }

        var history = HistoryReader.Read(path);
        var chosen = KeyValueModel.All.First(known => known.Name == parsed.GetValue(model));
        var limits = CheckLimits.Default with { Time = TimeSpan.FromSeconds(parsed.GetValue(seconds)) };
        var result = new LinearizabilityChecker(chosen, limits, TimeProvider.System).Check(history);
        foreach (var detail in result.Details)
        {
            Console.WriteLine(detail);
        }

        Terminal.Console.MarkupLine($"{Format.Verdict(result.Verdict)}: {Markup.Escape(result.Summary)}");
        return (int)result.Verdict;
    }
}
