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
    private readonly Option<string?> file = new("--out") { Description = "Where the history is kept, for 'lab check' (default: nowhere)", HelpName = "FILE" };
    private readonly TargetOptions target = new();

    public LoadVerb()
        : base("load", "Clients at work on a cluster that you break meanwhile; then a verdict on what they saw")
    {
        Add(seconds);
        Add(clients);
        Add(file);
        target.AddTo(this);
        SetAction(RunAsync);
    }

    public override IReadOnlyList<string> Examples => ["lab load --seconds 30", "lab load --target compose --out history.jsonl"];

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken interrupted)
    {
        var cluster = await target.OpenAsync(parsed, interrupted).ConfigureAwait(false);
        var path = parsed.GetValue(file) ?? Path.GetTempFileName();
        try
        {
            var doubt = await RecordAsync(cluster, parsed, path, interrupted).ConfigureAwait(false);
            return (int)Judge(HistoryReader.Read(path), doubt);
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
    private async Task<string?> RecordAsync(ClusterTarget cluster, ParseResult parsed, string path, CancellationToken interrupted)
    {
        // Keys of its own: values that another run left there would look like writes that nobody made.
        var prefix = string.Create(CultureInfo.InvariantCulture, $"load-{Environment.ProcessId:x}-{TimeProvider.System.GetTimestamp():x}:");
        var options = new WorkloadOptions { Processes = parsed.GetValue(clients), KeyPrefix = prefix };
        using var history = HistoryWriter.Create(path);
        var workload = new Workload(options, cluster.Nodes, history, new HistoryClock(TimeProvider.System), TimeProvider.System);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(interrupted);
        using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal =>
        {
            signal.Cancel = true;
            stop.Cancel();
        });
        stop.CancelAfter(TimeSpan.FromSeconds(parsed.GetValue(seconds)));
        Console.WriteLine($"{options.Processes} clients at work on {cluster.Name} ({string.Join(", ", cluster.NodeNames)})");
        await workload.RunAsync(stop.Token).ConfigureAwait(false);
        Terminal.Console.MarkupLine(Format.Progress(workload.Progress));
        if (workload.Progress.Answered == 0)
        {
            return "no operation was answered";
        }

        try
        {
            await workload.ReadAllAsync(ReadDeadline, CancellationToken.None).ConfigureAwait(false);
            return null;
        }
        catch (LabException unread)
        {
            return unread.Message;
        }
    }

    private static Verdict Judge(History history, string? doubt)
    {
        CheckResult[] results =
        [
            new AcknowledgedWritesChecker().Check(history),
            new LinearizabilityChecker(KeyValueModel.Kv, CheckLimits.Default, TimeProvider.System).Check(history),
        ];
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
