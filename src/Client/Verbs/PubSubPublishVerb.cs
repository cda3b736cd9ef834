using System.CommandLine;
using System.Globalization;
using Cluster.Client.Nodes;

namespace Cluster.Client.Verbs;

/// <summary>Publishes one message, at one node, to all subscribers of a topic; says to how many it went.</summary>
internal sealed class PubSubPublishVerb : Verb
{
    private readonly Argument<string> topic = new("TOPIC") { Description = "The topic" };
    private readonly Argument<string> message = new("MESSAGE") { Description = "The message" };
    private readonly Option<string?> node = new("--node") { Description = "Publish at this node; the first that answers otherwise", HelpName = "NODE" };
    private readonly Option<bool> group = new("--group") { Description = "To one subscriber of each group instead of all without a group" };
    private readonly TargetOptions target = new();

    public PubSubPublishVerb()
        : base("publish", "Publish a message to a topic")
    {
        VerbOptions.Name(topic);
        Add(topic);
        Add(message);
        Add(node);
        Add(group);
        target.AddTo(this);
        SetAction(RunAsync);
    }

    public override IReadOnlyList<string> Examples => ["lab pubsub publish news hello", "lab pubsub publish jobs 'resize 7' --group --node n2"];

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        var cluster = await target.OpenAsync(parsed, cancellation).ConfigureAwait(false);
        var told = await TopicNodes.AskAsync(
            cluster, parsed.GetValue(node), (api, stop) => api.PublishAsync(parsed.GetValue(topic)!, parsed.GetValue(message)!, parsed.GetValue(group), stop), cancellation).ConfigureAwait(false);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"told {told.Subscriptions} subscription{(told.Subscriptions == 1 ? "" : "s")}: {told.Here} here, the others at {told.Nodes} other node{(told.Nodes == 1 ? "" : "s")}"));
        return ExitCodes.Ok;
    }
}
