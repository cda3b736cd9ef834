using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Cluster.Client.Nodes;
using Cluster.Client.Output;

namespace Cluster.Client.Verbs;

/// <summary>What has subscribers, and at which nodes, as one node knows.</summary>
internal sealed class PubSubTopicsVerb : Verb
{
    private readonly Option<string?> match = new("--match") { Description = "Only names that match this glob", HelpName = "GLOB" };
    private readonly Option<string?> node = new("--node") { Description = "As this node knows; the first that answers otherwise", HelpName = "NODE" };
    private readonly Option<string> output = VerbOptions.Output();
    private readonly TargetOptions target = new();

    public PubSubTopicsVerb()
        : base("topics", "Topics and patterns that have subscribers, and where")
    {
        Add(match);
        Add(node);
        Add(output);
        target.AddTo(this);
        SetAction(RunAsync);
    }

    public override IReadOnlyList<string> Examples => ["lab pubsub topics", "lab pubsub topics --match 'news.*' -o json"];

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        var cluster = await target.OpenAsync(parsed, cancellation).ConfigureAwait(false);
        var topics = await TopicNodes.AskAsync(cluster, parsed.GetValue(node), (api, stop) => api.GetTopicsAsync(parsed.GetValue(match), stop), cancellation).ConfigureAwait(false);
        if (parsed.GetValue(output) == "json")
        {
            Console.WriteLine(JsonSerializer.Serialize(topics, ConsoleJson.Default.IReadOnlyListTopicView));
            return ExitCodes.Ok;
        }

        var table = new Listing("name", "kind", "group", "subscriptions", "nodes");
        foreach (var topic in topics)
        {
            table.Add(
                Format.Plain(topic.Name),
                topic.Kind,
                Format.Plain(topic.Group ?? "-"),
                topic.Subscriptions.ToString(CultureInfo.InvariantCulture),
                Format.Plain(string.Join(" ", topic.Nodes.Select(there => string.Create(CultureInfo.InvariantCulture, $"{there.Node}:{there.Subscriptions}")))));
        }

        table.Write();
        return ExitCodes.Ok;
    }
}
