using System.CommandLine;
using Cluster.Client.Nodes;
using Cluster.Client.Output;
using Cluster.Client.Tour;
using Cluster.Lab.Processes;

namespace Cluster.Client.Verbs;

/// <summary>The newcomer's first five minutes. The exit code is the verdict: holds 0, violated 1, unknown 2.</summary>
internal sealed class TourVerb : Verb
{
    private const int Nodes = 3;

    private readonly Option<string> directory = new("--dir")
    {
        Description = "Directory of the tour's own cluster; another cluster is not touched",
        DefaultValueFactory = _ => Path.Combine(VerbOptions.DefaultDirectory, "tour"),
        HelpName = "DIR",
    };

    public TourVerb()
        : base("tour", "The first five minutes: up, load, kill a leader under load, verdict")
    {
        Add(directory);
        SetAction(RunAsync);
    }

    public override IReadOnlyList<string> Examples => ["lab tour"];

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        var narrator = new Narrator();
        var offset = FreePorts.FindOffset(Nodes, first: 0);
        narrator.Step($"Start {Nodes} nodes", $"Real processes on this machine{(offset == 0 ? "" : $", on ports shifted by {offset} because the usual ones are taken")}; every key is kept by {Nodes} of them.");
        var start = TimeProvider.System.GetTimestamp();
        var cluster = await ClusterStart.RunAsync(new LaunchPlan("tour", Nodes, offset), parsed.GetValue(directory)!, cancellation).ConfigureAwait(false);
        try
        {
            narrator.Say($"{string.Join(", ", cluster.Nodes.Select(node => $"{node.Name} (process {node.Pid}, redis {node.Resp})"))}");
            narrator.Say($"ready after {Format.Duration(TimeProvider.System.GetElapsedTime(start))}");
            return (int)await new TourRun(cluster, narrator).RunAsync(cancellation).ConfigureAwait(false);
        }
        finally
        {
            await cluster.DownAsync(keepData: false, CancellationToken.None).ConfigureAwait(false);
        }
    }
}
