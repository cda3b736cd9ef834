using System.CommandLine;
using System.Text.Json;
using Cluster.Client.Nodes;
using Cluster.Client.Output;
using Cluster.Client.Status;
using Cluster.Lab.Surveys;
using Spectre.Console;

namespace Cluster.Client.Verbs;

/// <summary>Shows the cluster: members, processes, shards, leaders, faults. Works with nodes dead or paused.</summary>
internal class StatusVerb : Verb
{
    private static readonly TimeSpan WatchInterval = TimeSpan.FromSeconds(1);

    private readonly Option<bool> allViews = new("--all-views") { Description = "Each node's own view, side by side" };
    private readonly Option<bool> watch = new("--watch", "-w") { Description = "Show it again every second until Ctrl-C" };
    private readonly Option<string> output = VerbOptions.Output();
    private readonly TargetOptions target = new();

    public StatusVerb()
        : this("status")
    {
    }

    protected StatusVerb(string name)
        : base(name, "Members, processes, shards, leaders, link faults")
    {
        Add(allViews);
        Add(watch);
        Add(output);
        target.AddTo(this);
        SetAction(RunAsync);
    }

    public override IReadOnlyList<string> Examples => ["lab status", "lab cluster show --all-views", "lab status -o json", "lab status --watch"];

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        while (true)
        {
            // Opened anew each time: a restart gives nodes new process ids.
            var cluster = await target.OpenAsync(parsed, cancellation).ConfigureAwait(false);
            var report = await new ClusterSurvey(cluster).AskAsync(parsed.GetValue(allViews), cancellation).ConfigureAwait(false);
            Show(report, parsed.GetValue(output) == "json", parsed.GetValue(watch));
            if (!parsed.GetValue(watch))
            {
                return report.Asked is null ? ExitCodes.Failed : ExitCodes.Ok;
            }

            await Task.Delay(WatchInterval, TimeProvider.System, cancellation).ConfigureAwait(false);
        }
    }

    private static void Show(StatusReport report, bool json, bool watching)
    {
        if (json)
        {
            Console.WriteLine(JsonSerializer.Serialize(report, ConsoleJson.Default.StatusReport));
            return;
        }

        if (watching && Terminal.IsInteractive)
        {
            Terminal.Console.Clear();
        }

        StatusTables.Write(report);
        if (watching && !Terminal.IsInteractive)
        {
            Console.WriteLine();
        }
    }
}
