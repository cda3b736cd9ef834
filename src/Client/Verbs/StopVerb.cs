using System.CommandLine;
using Cluster.Client.Nodes;
using Cluster.Client.Output;
using Cluster.Lab;
using Cluster.Lab.Members;

namespace Cluster.Client.Verbs;

/// <summary>The graceful end of nodes: they leave the cluster, their shards move away, then their processes end. What the cluster refuses is said, and nothing stops.</summary>
internal sealed class StopVerb : Verb
{
    private readonly Argument<string[]> nodes = VerbOptions.Nodes();
    private readonly Option<int> timeout = VerbOptions.Number("--timeout", "Seconds to hand the replicas over; then the node goes on leaving, and still runs", 60, 1, 86_400);
    private readonly TargetOptions target = new();

    public StopVerb()
        : base("stop", "Graceful leave: shards move away, then the process ends")
    {
        Add(nodes);
        Add(timeout);
        target.AddTo(this);
        SetAction(RunAsync);
    }

    public override IReadOnlyList<string> Examples => ["lab stop n3", "lab stop n3 n4", "lab stop n3 --timeout 300"];

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        var cluster = await target.OpenAsync(parsed, cancellation).ConfigureAwait(false);
        var names = NodeChoice.Check(cluster, parsed.GetValue(nodes)!);
        var departures = new List<Departure>();
        var code = ExitCodes.Ok;
        foreach (var name in names)
        {
            var departure = new Departure(cluster, name, TimeSpan.FromSeconds(parsed.GetValue(timeout)));
            try
            {
                await departure.BeginAsync(cancellation).ConfigureAwait(false);
                departures.Add(departure);
            }
            catch (LabException refused)
            {
                code = await SayAsync(refused).ConfigureAwait(false);
            }
        }

        var line = new ProgressLine();
        var ends = departures.ConvertAll(departure => departure.EndAsync(() => line.Show(string.Join("; ", departures.Select(other => other.Progress))), cancellation));
        foreach (var end in ends)
        {
            try
            {
                var said = await end.ConfigureAwait(false);
                line.Clear();
                Console.WriteLine(said);
            }
            catch (LabException hangs)
            {
                line.Clear();
                code = await SayAsync(hangs).ConfigureAwait(false);
            }
        }

        return code;
    }

    private static async Task<int> SayAsync(LabException why)
    {
        await Console.Error.WriteLineAsync("lab: " + why.Message).ConfigureAwait(false);
        return ExitCodes.Failed;
    }
}
