using System.CommandLine;
using System.Text.Json;
using Cluster.Client.Events;
using Cluster.Client.Nodes;
using Cluster.Client.Output;
using Cluster.Lab;
using Cluster.Shared.Http;
using Spectre.Console;

namespace Cluster.Client.Verbs;

/// <summary>What has happened in the cluster, from all nodes' events: each node tells what it knows best, and what several tell is shown once.</summary>
internal sealed class ClusterEventsVerb : Verb
{
    private readonly Option<bool> follow = new("--follow", "-f") { Description = "Go on as it happens, until Ctrl-C" };
    private readonly Option<int> last = VerbOptions.Number("--last", "How many events that have happened already", 40, 0, 10_000);
    private readonly Option<string?> node = new("--node") { Description = "Only what this node tells", HelpName = "NODE" };
    private readonly Option<bool> all = new("--all") { Description = "Also what another node has told already, with who tells it" };
    private readonly Option<string> output = VerbOptions.Output();
    private readonly TargetOptions target = new();

    public ClusterEventsVerb()
        : base("events", "What happens: members, leaders, reachability, replicas on the move")
    {
        Add(follow);
        Add(last);
        Add(node);
        Add(all);
        Add(output);
        target.AddTo(this);
        SetAction(RunAsync);
    }

    public override IReadOnlyList<string> Examples => ["lab cluster events", "lab cluster events --follow", "lab cluster events --last 1000 -o json"];

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        var cluster = await target.OpenAsync(parsed, cancellation).ConfigureAwait(false);
        IReadOnlyList<string>? only = parsed.GetValue(node) is { } named ? [NodeChoice.Check(cluster, named)] : null;
        var feed = new EventFeed(cluster, stop => target.OpenAsync(parsed, stop), only);
        var json = parsed.GetValue(output) == "json";
        var past = await feed.ReadAsync(parsed.GetValue(last), cancellation).ConfigureAwait(false);
        if (feed.Heard.Count == 0)
        {
            throw new LabException("no node answers: 'lab status' shows which run");
        }

        if (json && !parsed.GetValue(follow))
        {
            Console.WriteLine(JsonSerializer.Serialize([.. past.TakeLast(parsed.GetValue(last))], EventLineJson.Indented.IReadOnlyListClusterEventView));
            return ExitCodes.Ok;
        }

        var lines = new EventLines(repeats: parsed.GetValue(all));
        if (json)
        {
            past.TakeLast(parsed.GetValue(last)).ToList().ForEach(WriteJson);
        }
        else
        {
            // Counted as shown: what several nodes tell is one event.
            past.Select(lines.Show).OfType<string>().TakeLast(parsed.GetValue(last)).ToList().ForEach(Terminal.Console.MarkupLine);
        }

        if (parsed.GetValue(follow))
        {
            await foreach (var told in feed.FollowAsync(cancellation).ConfigureAwait(false))
            {
                if (json)
                {
                    WriteJson(told);
                }
                else if (lines.Show(told) is { } line)
                {
                    Terminal.Console.MarkupLine(line);
                }
            }
        }

        return ExitCodes.Ok;
    }

    private static void WriteJson(ClusterEventView told) => Console.WriteLine(JsonSerializer.Serialize(told, EventLineJson.Default.ClusterEventView));
}
