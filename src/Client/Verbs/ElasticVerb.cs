using System.CommandLine;
using System.Globalization;
using Cluster.Client.Elastic;
using Cluster.Client.Nodes;
using Cluster.Client.Output;
using Cluster.Lab.Histories;
using Cluster.Lab.Processes;

namespace Cluster.Client.Verbs;

/// <summary>Nodes leave and join under load, in a cluster of its own. The exit code is the verdict: holds 0, violated 1, unknown 2.</summary>
internal sealed class ElasticVerb : Verb
{
    private readonly Option<int> rounds = VerbOptions.Number("--rounds", "Nodes that leave and come back, one after the other", 10, 1, 10_000);
    private readonly Option<int> nodes = VerbOptions.Number("--nodes", "Nodes of the cluster; the last two stay", 5, 3, LaunchPlan.MaxNodes);
    private readonly Option<string> directory = new("--dir")
    {
        Description = "Directory of the run's own cluster; another cluster is not touched",
        DefaultValueFactory = _ => Path.Combine(VerbOptions.DefaultDirectory, "elastic"),
        HelpName = "DIR",
    };

    private readonly Option<bool> keep = new("--keep") { Description = "Keep logs and data of the nodes until the next run, to look into what went wrong" };

    public ElasticVerb()
        : base("elastic", "Nodes leave and join under load: does any request fail, is anything lost?")
    {
        Add(rounds);
        Add(nodes);
        Add(directory);
        Add(keep);
        SetAction(RunAsync);
    }

    public override IReadOnlyList<string> Examples => ["lab elastic", "lab elastic --rounds 20"];

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        var count = parsed.GetValue(nodes);
        var plan = new LaunchPlan("elastic", count, FreePorts.FindOffset(count, VerbOptions.DefaultPortOffset));
        var place = new LabDirectory(parsed.GetValue(directory)!);
        if (!place.HasCluster)
        {
            place.DeleteData([.. Enumerable.Range(1, count).Select(LaunchPlan.NodeName)]); // What an earlier run was told to keep.
        }

        var cluster = await ClusterStart.RunAsync(plan, place.Path, cancellation).ConfigureAwait(false);
        try
        {
            var turns = ElasticPlan.For(cluster.NodeNames, parsed.GetValue(rounds));
            Console.WriteLine($"{count} nodes are ready; {string.Join(", ", turns.Leaving)} take turns, {string.Join(" and ", turns.Staying)} stay");
            ElasticFinding finding;
            using (var history = HistoryWriter.Create(cluster.Directory.HistoryPath))
            {
                finding = await new ElasticRun(cluster, turns, history, TimeProvider.System).RunAsync(Show, cancellation).ConfigureAwait(false);
            }

            return (int)ElasticVerdict.Judge(finding, cluster.Directory.HistoryPath);
        }
        finally
        {
            await cluster.DownAsync(parsed.GetValue(keep), CancellationToken.None).ConfigureAwait(false);
        }
    }

    private static void Show(ElasticRound round) => Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"{round.Number,4}  {round.Node} left in {Format.Duration(round.Leave),7}, back with {round.Votes} shards in {Format.Duration(round.Join),7}; {Format.Progress(round.Progress)}"));
}
