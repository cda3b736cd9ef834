using System.CommandLine;
using System.Globalization;
using System.Threading.Channels;
using Cluster.Client.Nodes;
using Cluster.Client.Output;
using Cluster.Lab;
using Cluster.Lab.Http;
using Cluster.Shared.Http;
using Spectre.Console;

namespace Cluster.Client.Verbs;

/// <summary>Hears topics, or all that match patterns, until Ctrl-C, or until so many messages have come: a line each.</summary>
internal sealed class PubSubSubscribeVerb : Verb
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly Argument<string[]> topics = new("TOPIC") { Description = "Topics, or with --pattern globs", Arity = ArgumentArity.OneOrMore };
    private readonly Option<bool> pattern = new("--pattern") { Description = "They are globs: hear all topics that match" };
    private readonly Option<string?> group = new("--group") { Description = "Hear what is published to groups, shared with the others of this one", HelpName = "NAME" };
    private readonly Option<string?> node = new("--node") { Description = "Subscribe at this node; the first that answers otherwise", HelpName = "NODE" };
    private readonly Option<int> count = VerbOptions.Number("--count", "End after so many messages; 0 for never", 0, 0, int.MaxValue);
    private readonly TargetOptions target = new();

    public PubSubSubscribeVerb()
        : base("subscribe", "Hear topics as messages come")
    {
        VerbOptions.Name(topics);
        Add(topics);
        Add(pattern);
        Add(group);
        Add(node);
        Add(count);
        target.AddTo(this);
        Validators.Add(result =>
        {
            if (result.GetValue(pattern) && result.GetValue(group) is not null)
            {
                result.AddError("--group goes with topics, not with --pattern");
            }
        });
        SetAction(RunAsync);
    }

    /// <summary>A message may come from anybody: a terminal must not take it for orders.</summary>
    private static string Shown(string text) => Terminal.IsInteractive ? Format.Harmless(text) : text;

    public override IReadOnlyList<string> Examples => ["lab pubsub subscribe news sports", "lab pubsub subscribe 'news.*' --pattern", "lab pubsub subscribe jobs --group workers --node n3"];

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        var cluster = await target.OpenAsync(parsed, cancellation).ConfigureAwait(false);
        var at = await TopicNodes.ChooseAsync(cluster, parsed.GetValue(node), cancellation).ConfigureAwait(false);
        var heard = Channel.CreateBounded<TopicMessageView>(1_024);
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var streams = parsed.GetValue(topics)!.Select(topic => HearAsync(topic)).ToList();
        _ = EndAsync();
        var left = parsed.GetValue(count);
        await foreach (var message in heard.Reader.ReadAllAsync(cancellation).ConfigureAwait(false))
        {
            var text = message.Text ?? $"(base64) {message.Base64}";
            Terminal.Console.MarkupLine($"[grey]{TimeProvider.System.GetLocalNow().ToString("HH:mm:ss.fff", CultureInfo.InvariantCulture)}[/]  {Markup.Escape(Shown(message.Topic))}  {Markup.Escape(Shown(text))}");
            if (--left == 0)
            {
                await ends.CancelAsync().ConfigureAwait(false);
                return ExitCodes.Ok;
            }
        }

        throw new LabException($"{at} has ended the subscription: it stops, or this console read too slowly");

        async Task HearAsync(string topic)
        {
            using var api = cluster.Api(at, Patience);
            await foreach (var message in api.FollowTopicAsync(topic, parsed.GetValue(pattern), parsed.GetValue(group), ends.Token).ConfigureAwait(false))
            {
                await heard.Writer.WriteAsync(message, ends.Token).ConfigureAwait(false);
            }
        }

        // One stream that ends, ends all: what is missing from then on would not be seen.
        async Task EndAsync()
        {
            try
            {
                await (await Task.WhenAny(streams).ConfigureAwait(false)).ConfigureAwait(false);
                heard.Writer.TryComplete();
            }
            catch (Exception e) when (e is NodeRefusedException or OperationCanceledException || NodeApi.IsNoAnswer(e))
            {
                heard.Writer.TryComplete(e is NodeRefusedException { IsUsage: true } ? new UsageException(e.Message) : e is NodeRefusedException ? new LabException(e.Message) : null);
            }
        }
    }
}
