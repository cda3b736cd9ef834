using System.CommandLine;
using Cluster.Client.Nodes;
using Cluster.Client.Output;
using Cluster.Lab.Workloads.Sessions;
using Spectre.Console;

namespace Cluster.Client.Verbs;

/// <summary>Makes a dependency fast, slow, failing or flapping, so that breakers have something to do.</summary>
internal sealed class BreakerHealthVerb : Verb
{
    private readonly Argument<string> to = new("TO") { Description = "The dependency: a node's name" };
    private readonly Argument<string> kind = new("HEALTH") { Description = "fast, slow, failing or flapping" };
    private readonly Option<string?> latency = new("--latency") { Description = "Of a slow one: how long each request takes (300ms when not given)", HelpName = "TIME" };
    private readonly Option<int> share = VerbOptions.Number("--share", "Of a failing one: how many of a hundred requests fail", 100, 1, 100);
    private readonly Option<string?> period = new("--period") { Description = "Of a flapping one: how long it fails, and then is fast (500ms when not given)", HelpName = "TIME" };
    private readonly TargetOptions target = new();

    public BreakerHealthVerb()
        : base("health", "Make a dependency fast, slow, failing or flapping")
    {
        kind.AcceptOnlyFromAmong("fast", "slow", "failing", "flapping");
        Add(to);
        Add(kind);
        Add(latency);
        Add(share);
        Add(period);
        target.AddTo(this);
        SetAction(RunAsync);
    }

    public override IReadOnlyList<string> Examples => ["lab breaker health n1 slow --latency 400ms", "lab breaker health n1 failing --share 35", "lab breaker health n1 flapping --period 300ms", "lab breaker health n1 fast"];

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        var cluster = await target.OpenAsync(parsed, cancellation).ConfigureAwait(false);
        NodeChoice.Check(cluster, parsed.GetValue(to)!);
        var call = new ModeCall(
            "circuit-breaker",
            "health",
            IsRead: false,
            ("to", parsed.GetValue(to)),
            ("kind", parsed.GetValue(kind)),
            ("latency", parsed.GetValue(latency)),
            ("share", FormattableString.Invariant($"{parsed.GetValue(share)}")),
            ("period", parsed.GetValue(period)));
        await ModeCaller.CallAsync(cluster, node: null, call, cancellation).ConfigureAwait(false);
        Terminal.Console.MarkupLine($"the dependency of {Format.Plain(parsed.GetValue(to))} is {Format.Plain(parsed.GetValue(kind))}");
        return ExitCodes.Ok;
    }
}
