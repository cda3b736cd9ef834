using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Cluster.Client.Nodes;
using Cluster.Client.Output;
using Cluster.Lab;
using Cluster.Lab.Http;
using Cluster.Lab.Surveys;
using Cluster.Lab.Targets;
using Cluster.Shared.Http;

namespace Cluster.Client.Verbs;

/// <summary>
/// Shows the moves to come, or waits until all are made. The control plane balances by itself, without pause: there is nothing to set off, and nothing that a
/// command could make faster.
/// </summary>
internal sealed class ClusterRebalanceVerb : Verb
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(250);

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly Option<bool> dryRun = new("--dry-run") { Description = "Print the moves to come, with reasons, and return" };
    private readonly Option<int> timeout = VerbOptions.Number("--timeout", "Seconds to wait until every shard is where it should be", 120, 1, 86_400);
    private readonly Option<string> output = VerbOptions.Output();
    private readonly TargetOptions target = new();

    public ClusterRebalanceVerb()
        : base("rebalance", "Moves to come with reasons, or wait for them: balancing is continuous")
    {
        Add(dryRun);
        Add(timeout);
        Add(output);
        target.AddTo(this);
        SetAction(RunAsync);
    }

    public override IReadOnlyList<string> Examples => ["lab cluster rebalance --dry-run", "lab cluster rebalance", "lab cluster rebalance --dry-run -o json"];

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        var start = TimeProvider.System.GetTimestamp();
        var line = new ProgressLine();
        while (true)
        {
            var plan = await AskAsync(await target.OpenAsync(parsed, cancellation).ConfigureAwait(false), cancellation).ConfigureAwait(false);
            var late = TimeProvider.System.GetElapsedTime(start).TotalSeconds > parsed.GetValue(timeout);
            if (parsed.GetValue(dryRun) || plan.Balanced || late)
            {
                line.Clear();
                Write(plan, parsed.GetValue(output) == "json");
                return plan.Balanced || parsed.GetValue(dryRun) ? ExitCodes.Ok : ExitCodes.Failed;
            }

            line.Show(plan.Summary);
            await Task.Delay(PollInterval, TimeProvider.System, cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>The best informed node's forecast: as for <c>lab status</c>, a ready one with the latest decision.</summary>
    private static async Task<PlacementPlanView> AskAsync(ClusterTarget cluster, CancellationToken cancellation)
    {
        var report = await new ClusterSurvey(cluster).AskAsync(allViews: false, cancellation).ConfigureAwait(false);
        foreach (var name in new[] { report.ControlLeader, report.Asked }.OfType<string>().Where(cluster.NodeNames.Contains).Distinct())
        {
            using var api = cluster.Api(name, Patience);
            try
            {
                return await api.GetPlanAsync(cancellation).ConfigureAwait(false);
            }
            catch (Exception e) when ((NodeApi.IsNoAnswer(e) || e is NodeRefusedException) && !cancellation.IsCancellationRequested)
            {
                // The next one may answer.
            }
        }

        throw new LabException("no node answers: 'lab cluster doctor' says more");
    }

    private static void Write(PlacementPlanView plan, bool json)
    {
        if (json)
        {
            Console.WriteLine(JsonSerializer.Serialize(plan, ConsoleJson.Default.PlacementPlanView));
            return;
        }

        if (plan.Moves.Count > 0)
        {
            var listing = new Listing("step", "shard", "move", "from", "to", "state", "because");
            foreach (var move in plan.Moves)
            {
                listing.Add(
                    move.Step.ToString(CultureInfo.InvariantCulture),
                    move.Shard == 0 ? "control" : string.Create(CultureInfo.InvariantCulture, $"s{move.Shard}"),
                    move.Kind switch { MoveKind.AddReplica => "build", MoveKind.RemoveReplica => "remove", _ => "lead" },
                    Format.Plain(move.From),
                    Format.Plain(move.To),
                    move.UnderWay ? Format.Doubtful("moving") : "planned",
                    Format.Plain(move.Because));
            }

            listing.Write();
            Console.WriteLine();
        }

        Console.WriteLine(plan.Summary);
    }
}
