using System.CommandLine;
using System.Text.Json;
using Cluster.Client.Nodes;
using Cluster.Client.Output;
using Cluster.Lab.Workloads.Sessions;
using Spectre.Console;

namespace Cluster.Client.Verbs;

/// <summary>Trips or resets the breaker of one dependency, at one node or at every node that runs.</summary>
internal sealed class BreakerHandVerb : Verb
{
    private readonly Argument<string> to = new("TO") { Description = "The dependency: a node's name" };
    private readonly Option<string?> at = new("--at") { Description = "The node whose breaker it is; every node that runs when not given", HelpName = "NODE" };
    private readonly Option<string> output = VerbOptions.Output();
    private readonly TargetOptions target = new();
    private readonly string operation;

    public BreakerHandVerb(string operation, string description, params IReadOnlyList<string> examples)
        : base(operation, description)
    {
        (this.operation, Examples) = (operation, examples);
        Add(to);
        Add(at);
        Add(output);
        target.AddTo(this);
        SetAction(RunAsync);
    }

    public override IReadOnlyList<string> Examples { get; }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        var cluster = await target.OpenAsync(parsed, cancellation).ConfigureAwait(false);
        NodeChoice.Check(cluster, parsed.GetValue(to)!);
        IReadOnlyList<string> names = parsed.GetValue(at) is { } one ? [NodeChoice.Check(cluster, one)] : await cluster.RunningAsync(cancellation).ConfigureAwait(false);
        var answers = new List<string>();
        foreach (var name in names)
        {
            answers.Add(await ModeCaller.CallAsync(cluster, name, new ModeCall("circuit-breaker", operation, IsRead: false, ("to", parsed.GetValue(to))), cancellation).ConfigureAwait(false));
        }

        if (parsed.GetValue(output) == "json")
        {
            Console.WriteLine($"[{string.Join(',', answers)}]");
            return ExitCodes.Ok;
        }

        foreach (var answer in answers)
        {
            using var json = JsonDocument.Parse(answer);
            var told = json.RootElement;
            Terminal.Console.MarkupLine(
                $"{Format.Plain(told.GetProperty("node").GetString())}: the breaker of {Format.Plain(told.GetProperty("to").GetString())} is {Format.Plain(told.GetProperty("state").GetString())}{(told.GetProperty("changed").GetBoolean() ? "" : ", as it was")}");
        }

        return ExitCodes.Ok;
    }
}
