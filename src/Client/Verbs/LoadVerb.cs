using System.CommandLine;
using System.Globalization;
using System.Runtime.InteropServices;
using Cluster.Client.Nodes;
using Cluster.Client.Output;
using Cluster.Lab;
using Cluster.Lab.Checkers;
using Cluster.Lab.Histories;
using Cluster.Lab.Targets;
using Cluster.Lab.Workloads;
using Cluster.Shared.Wire;
using Spectre.Console;

namespace Cluster.Client.Verbs;

/// <summary>
/// Puts recorded clients to work on a cluster while somebody else breaks it, then reads everything back and judges what they saw. The verdict is the last
/// line and the exit code; a key that cannot be read back makes it unknown.
/// </summary>
internal sealed class LoadVerb : Verb
{
    /// <summary>A cluster that was just healed may need an election.</summary>
    private static readonly TimeSpan ReadDeadline = TimeSpan.FromSeconds(30);

    private readonly Option<int> seconds = VerbOptions.Number("--seconds", "How long the clients work; Ctrl-C or SIGTERM ends them sooner", 10, 1, 86_400);
    private readonly Option<int> clients = VerbOptions.Number("--clients", "Clients at once", 12, 1, 1_000);
    private readonly Option<string> workload = new("--workload")
    {
        Description = "What the clients do: " + string.Join(", ", WorkloadCatalog.All.Select(entry => entry.Name)), DefaultValueFactory = _ => WorkloadCatalog.Kv.Name, HelpName = "NAME",
    };

    private readonly Option<int> rate = VerbOptions.Number("--rate", "Operations that start each second, whatever the answers; 0: each client waits for its answer", 0, 0, 100_000);
    private readonly Option<string> consistency = new("--consistency") { Description = "What reads may see: linearizable, lease, stale", DefaultValueFactory = _ => "linearizable", HelpName = "WORD" };
    private readonly Option<int> readPercent = VerbOptions.Number("--read-percent", "Of a hundred operations, how many read", 45, 0, 100);
    private readonly Option<string?> file = VerbOptions.NotEmpty(new Option<string?>("--out") { Description = "Where the history is kept, for 'lab check' (default: nowhere)", HelpName = "FILE" });
    private readonly TargetOptions target = new();

    public LoadVerb()
        : base("load", "Clients at work on a cluster that you break meanwhile; then a verdict on what they saw")
    {
        Add(seconds);
        Add(clients);
        workload.AcceptOnlyFromAmong([.. WorkloadCatalog.All.Select(entry => entry.Name)]);
        Add(workload);
        Add(rate);
        consistency.AcceptOnlyFromAmong("linearizable", "lease", "stale");
        Add(consistency);
        Add(readPercent);
        Add(file);
        target.AddTo(this);
        SetAction(RunAsync);
    }

    public override IReadOnlyList<string> Examples => ["lab load --seconds 30", "lab load --workload lock --rate 500", "lab load --target compose --out history.jsonl"];

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken interrupted)
    {
        var entry = WorkloadCatalog.Find(parsed.GetValue(workload)!)!;
        var reads = Enum.Parse<ReadConsistency>(parsed.GetValue(consistency)!, ignoreCase: true);
        if (entry.CheckersOf(reads) is not { Count: > 0 } checkers)
        {
            throw new UsageException($"nothing that is judged in the workload '{entry.Name}' would hold with stale reads: use linearizable or lease");
        }

        if (parsed.GetValue(file) is { } wanted)
        {
            OutputPlace.CheckFile("--out", wanted);
        }

        var cluster = await target.OpenAsync(parsed, interrupted).ConfigureAwait(false);
        var path = parsed.GetValue(file) ?? Path.GetTempFileName();
        try
        {
            var doubt = await RecordAsync(cluster, entry, reads, parsed, path, interrupted).ConfigureAwait(false);
            return (int)Judge(HistoryReader.Read(path), checkers, doubt);
        }
        finally
        {
            if (parsed.GetValue(file) is null)
            {
                File.Delete(path);
            }
        }
    }

    /// <returns>Why nothing may be concluded; null if something may.</returns>
    private async Task<string?> RecordAsync(ClusterTarget cluster, WorkloadEntry entry, ReadConsistency reads, ParseResult parsed, string path, CancellationToken interrupted)
    {
        // Keys of its own: values that another run left there would look like writes that nobody made.
        var prefix = string.Create(CultureInfo.InvariantCulture, $"load-{Environment.ProcessId:x}-{TimeProvider.System.GetTimestamp():x}:");
        var options = new WorkloadOptions
        {
            Processes = parsed.GetValue(clients),
            KeyPrefix = prefix,
            Consistency = reads,
            ReadPercent = parsed.GetValue(readPercent),
            RatePerSecond = parsed.GetValue(rate) is > 0 and var wanted ? wanted : null,
        };
        using var history = HistoryWriter.Create(path);
        var load = Workload.OnNodes(entry, options, cluster.Nodes, history, new HistoryClock(TimeProvider.System), TimeProvider.System);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(interrupted);
        using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal =>
        {
            signal.Cancel = true;
            stop.Cancel();
        });
        stop.CancelAfter(TimeSpan.FromSeconds(parsed.GetValue(seconds)));
        Console.WriteLine($"{options.Processes} clients at work ({entry.Name}) on {cluster.Name} ({string.Join(", ", cluster.NodeNames)})");
        await load.RunAsync(stop.Token).ConfigureAwait(false);
        Terminal.Console.MarkupLine(Format.Progress(load.Progress));
        Console.WriteLine(Told(load.Latency, options));
        if (load.Progress.Answered == 0)
        {
            return "no operation was answered";
        }

        try
        {
            await load.ReadAllAsync(ReadDeadline, CancellationToken.None).ConfigureAwait(false);
            return null;
        }
        catch (LabException unread)
        {
            return unread.Message;
        }
    }

    private static string Told(WorkloadLatency latency, WorkloadOptions options)
    {
        var told = $"latency median {Format.Duration(latency.Median)}, 99 % {Format.Duration(latency.P99)}, longest {Format.Duration(latency.Max)}";
        return options.RatePerSecond is null
            ? told
            : $"{told}, from when each operation was due; {Format.Count(latency.Waited)} waited for a free client, at most {Format.Duration(latency.LongestWait)}";
    }

    private static Verdict Judge(History history, IReadOnlyList<string> checkers, string? doubt)
    {
        var results = checkers.Select(name => CheckerCatalog.Find(name)!.Create(CheckLimits.Default, TimeProvider.System).Check(history));
        var verdict = doubt is null ? Verdict.Holds : Verdict.Unknown;
        foreach (var result in results)
        {
            Console.WriteLine($"{result.Checker}: {result.Summary}");
            foreach (var detail in result.Details)
            {
                Console.WriteLine("  " + detail);
            }

            verdict = result.Verdict == Verdict.Violated || (result.Verdict == Verdict.Unknown && verdict == Verdict.Holds) ? result.Verdict : verdict;
        }

        if (doubt is not null)
        {
            Terminal.Console.MarkupLine(Format.Doubtful(doubt));
        }

        Terminal.Console.MarkupLine(Format.Verdict(verdict));
        return verdict;
    }
}
