using System.CommandLine;
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
    private readonly Option<string> output = new("--out") { Description = "Where compare.json and report.html go", DefaultValueFactory = _ => Path.Combine(VerbOptions.DefaultDirectory, "compare"), HelpName = "DIR" };
    private readonly Option<string[]> modes = new("--mode") { Description = "Only this storage mode; may be given several times", HelpName = "SLUG", AllowMultipleArgumentsPerToken = true };
    private readonly Option<string?> postgres = VerbOptions.Postgres("one of the lab's own where PostgreSQL is installed, if not given");
    private readonly Option<int> seed = VerbOptions.Number("--seed", "Chooses operations and keys", 1, 0, int.MaxValue);

    public CompareVerb()
        : base("compare", "Measure every storage mode under one workload and one schedule of faults; the textbook's table, with figures")
    {
        Add(seconds);
        Add(output);
        Add(modes);
        Add(seed);
        Add(postgres);
        SetAction(RunAsync);
    }

    public override IReadOnlyList<string> Examples => ["lab compare --out out/", "lab compare --mode quorum --mode leader-follower --seconds 10"];

    public override IReadOnlyList<string> Notes => ["Clusters of 1, 3 and 5 nodes are started one after the other; with --seconds 5 it takes about a quarter of an hour for all modes."];

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        var folder = new ComparisonFolder(parsed.GetValue(output)!);
        var options = new ComparisonOptions { Measured = TimeSpan.FromSeconds(parsed.GetValue(seconds)), Seed = parsed.GetValue(seed) };
        var place = Path.Combine(parsed.GetValue(output)!, "nodes");
        var database = parsed.GetValue(postgres) ?? (PostgresBinaries.AreInstalled ? LocalCluster.StartPostgres : null);
        var line = new ProgressLine();
        var run = new ComparisonRun(
            options,
            async (nodes, clusters, stop) => await ClusterStart.RunAsync(new LaunchPlan("lab-compare", nodes, FreePorts.FindOffset(nodes, VerbOptions.DefaultPortOffset), NodeArguments: ["--disk-faults", "lose-unsynced"], Clusters: clusters), place, stop, database).ConfigureAwait(false),
            async cluster => await ((LocalCluster)cluster).DownAsync(false, CancellationToken.None).ConfigureAwait(false),
            TimeProvider.System);
        var report = await run.RunAsync(parsed.GetValue(modes) ?? [], (words, share) => line.Show(Bar(share) + words), cancellation).ConfigureAwait(false);
        line.Clear();
        folder.Write(report);
        ComparisonTables.Write(report);
        Console.WriteLine($"figures                          {folder.JsonPath}");
        Console.WriteLine($"report                           {folder.ReportPath}");
        var worst = report.Modes.Any(mode => mode.Verdict == "violated") ? Lab.Checkers.Verdict.Violated
            : report.Modes.All(mode => mode is { Verdict: "holds", Failed: null }) ? Lab.Checkers.Verdict.Holds
            : Lab.Checkers.Verdict.Unknown;
        Terminal.Console.MarkupLine(Format.Verdict(worst));
        return (int)worst;
    }

    private static string Bar(double share)
    {
        const int Width = 20;
        var done = (int)Math.Round(Math.Clamp(share, 0, 1) * Width);
        return $"[{new string('=', done)}{new string(' ', Width - done)}] ";
    }
}
