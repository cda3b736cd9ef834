using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Cluster.Client.Compare;
using Cluster.Client.Nodes;
using Cluster.Client.Output;
using Cluster.Lab.Comparison;
using Cluster.Lab.Databases;
using Cluster.Lab.Processes;
using Spectre.Console;

namespace Cluster.Client.Verbs;

/// <summary>Every storage mode under one workload and one schedule of faults, on clusters of its own. The exit code is the worst verdict: holds 0, violated 1, unknown 2.</summary>
internal sealed class CompareVerb : Verb
{
    private readonly Option<int> seconds = VerbOptions.Number("--seconds", "Of each measurement of throughput; faults last in proportion, three seconds at least", 5, 1, 600);
    private readonly Option<string> output = VerbOptions.NotEmpty(new Option<string>("--out") { Description = "Where compare.json and report.html go", DefaultValueFactory = _ => Path.Combine(VerbOptions.DefaultDirectory, "compare"), HelpName = "DIR" });
    private readonly Option<string[]> modes = new("--mode") { Description = "Only this storage mode; may be given several times", HelpName = "SLUG", AllowMultipleArgumentsPerToken = true };
    private readonly Option<string?> postgres = VerbOptions.Postgres("one of the lab's own where PostgreSQL is installed, if not given");
    private readonly Option<int> seed = VerbOptions.Number("--seed", "Chooses operations and keys", 1, 0, int.MaxValue);
    private readonly Option<string?> from = new("--from") { Description = "Measure nothing: show a comparison that was measured before", HelpName = "compare.json" };
    private readonly Option<string> format = VerbOptions.Output("markdown", "markdown-short");

    public CompareVerb()
        : base("compare", "Measure every storage mode under one workload and one schedule of faults; the textbook's table, with figures")
    {
        Add(seconds);
        Add(output);
        Add(modes);
        Add(seed);
        Add(postgres);
        Add(from);
        Add(format);
        SetAction(RunAsync);
    }

    public override IReadOnlyList<string> Examples =>
    [
        "lab compare --out out/",
        "lab compare --mode quorum --mode leader-follower --seconds 10",
        "lab compare --from out/compare.json -o markdown",
    ];

    public override IReadOnlyList<string> Notes =>
    [
        "Clusters of 1, 3 and 5 nodes are started one after the other, then two of 3 nodes are broken side by side; with --seconds 5 it takes about a quarter of an hour for all modes.",
        "What is measured is written as soon as it is: a run that is interrupted leaves the modes that were through.",
    ];

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        if (parsed.GetValue(from) is { } file)
        {
            if (!File.Exists(file))
            {
                throw new UsageException($"there is no file {file}");
            }

            var before = ComparisonFolder.Read(file);
            Show(before, parsed.GetValue(format)!);
            return (int)Worst(before);
        }

        await RefuseUnknownAsync(parsed.GetValue(modes) ?? [], cancellation).ConfigureAwait(false);
        OutputPlace.CheckFolder("--out", parsed.GetValue(output)!);
        var folder = new ComparisonFolder(parsed.GetValue(output)!);
        var options = new ComparisonOptions { Measured = TimeSpan.FromSeconds(parsed.GetValue(seconds)), Seed = parsed.GetValue(seed) };
        var database = parsed.GetValue(postgres) ?? (PostgresBinaries.AreInstalled ? LocalCluster.StartPostgres : null);
        var line = new ProgressLine();
        var started = 0;
        var run = new ComparisonRun(
            options,
            async (nodes, clusters, stop) =>
            {
                var plan = new LaunchPlan("lab-compare", nodes, FreePorts.FindOffset(nodes, VerbOptions.DefaultPortOffset), NodeArguments: ["--disk-faults", "lose-unsynced"], Clusters: clusters);
                return await ClusterStart.RunAsync(plan, Path.Combine(parsed.GetValue(output)!, string.Create(CultureInfo.InvariantCulture, $"nodes-{++started}")), stop, database, isQuiet: true).ConfigureAwait(false);
            },
            async cluster => await ((LocalCluster)cluster).DownAsync(false, CancellationToken.None).ConfigureAwait(false),
            TimeProvider.System);
        try
        {
            await run.RunAsync(parsed.GetValue(modes) ?? [], (words, share, left) => line.Show(Bar(share, left) + words), folder.Write, cancellation).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            line.Clear();
            await Console.Error.WriteLineAsync($"lab: interrupted; what was measured until then is in {folder.JsonPath}").ConfigureAwait(false);
            throw;
        }

        line.Clear();
        var report = run.Report;
        folder.Write(report);
        Show(report, parsed.GetValue(format)!);
        if (parsed.GetValue(format) == "table")
        {
            Console.WriteLine($"figures                          {folder.JsonPath}");
            Console.WriteLine($"report                           {folder.ReportPath}");
            Terminal.Console.MarkupLine(Format.Verdict(Worst(report)));
        }

        return (int)Worst(report);
    }

    /// <summary>Before a cluster is started: the node program knows its modes.</summary>
    private static async Task RefuseUnknownAsync(IReadOnlyList<string> asked, CancellationToken cancellation)
    {
        if (asked.Count == 0)
        {
            return;
        }

        var known = ModeCatalog.Parse(await ModeCatalog.ReadJsonAsync(cancellation).ConfigureAwait(false)).Where(mode => mode.Database is not null).Select(mode => mode.Slug).ToList();
        if (asked.FirstOrDefault(slug => !known.Contains(slug)) is { } unknown)
        {
            throw Suggestion.Unknown("storage mode", unknown, known);
        }
    }

    private static void Show(ComparisonReport report, string format)
    {
        switch (format)
        {
            case "json":
                Console.WriteLine(JsonSerializer.Serialize(report, ComparisonJson.Default.ComparisonReport));
                break;
            case "markdown":
                Console.Write(ComparisonMarkdown.Page(report));
                break;
            case "markdown-short":
                Console.Write(ComparisonMarkdown.Digest(report));
                break;
            default:
                ComparisonTables.Write(report);
                break;
        }
    }

    private static Lab.Checkers.Verdict Worst(ComparisonReport report) => report.Modes.Any(mode => mode.Verdict == "violated") ? Lab.Checkers.Verdict.Violated
        : report.Modes.All(mode => mode is { Verdict: "holds", Failed: null }) ? Lab.Checkers.Verdict.Holds
        : Lab.Checkers.Verdict.Unknown;

    private static string Bar(double share, TimeSpan? left)
    {
        const int Width = 20;
        var done = (int)Math.Round(Math.Clamp(share, 0, 1) * Width);
        var guess = left is { } rest ? string.Create(CultureInfo.InvariantCulture, $", {Math.Ceiling(rest.TotalMinutes):0} min left") : "";
        return string.Create(CultureInfo.InvariantCulture, $"[{new string('=', done)}{new string(' ', Width - done)}] {100 * share:0} %{guess}: ");
    }
}
