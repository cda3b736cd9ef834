using System.CommandLine;
using Cluster.Client.Nodes;

namespace Cluster.Client.Verbs;

/// <summary>Ends what <c>lab up</c> started, and nothing else.</summary>
internal sealed class DownVerb : Verb
{
    private readonly Option<string> directory = VerbOptions.Directory();
    private readonly Option<bool> keep = new("--keep") { Description = "Keep data and logs; the next 'lab up' here goes on with them" };

    public DownVerb()
        : base("down", "Stop what 'lab up' started; data is deleted unless --keep")
    {
        Add(directory);
        Add(keep);
        SetAction(RunAsync);
    }

    public override IReadOnlyList<string> Examples => ["lab down", "lab down --keep && lab up"];

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        var cluster = NodeChoice.Open(parsed.GetValue(directory)!);
        var ended = await cluster.DownAsync(parsed.GetValue(keep), cancellation).ConfigureAwait(false);
        var data = parsed.GetValue(keep) ? $"data and logs stay in {cluster.Directory.Path}" : "data deleted";
        Console.WriteLine($"{(ended.Count == 0 ? "no node was running" : string.Join(", ", ended) + " stopped")}; {data}");
        return ExitCodes.Ok;
    }
}
