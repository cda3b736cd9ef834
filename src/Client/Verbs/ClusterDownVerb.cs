using System.CommandLine;
using Cluster.Client.Nodes;

namespace Cluster.Client.Verbs;

/// <summary>Declares a member dead for good, so that its replicas are placed elsewhere.</summary>
internal sealed class ClusterDownVerb : Verb
{
    private readonly Argument<string> node = VerbOptions.Node();
    private readonly Option<string> directory = VerbOptions.Directory();

    public ClusterDownVerb()
        : base("down", "Declare a member dead for good: its replicas are placed elsewhere")
    {
        Add(node);
        Add(directory);
        SetAction(RunAsync);
    }

    public override IReadOnlyList<string> Examples => ["lab kill n3 && lab cluster down n3"];

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        var cluster = NodeChoice.Open(parsed.GetValue(directory)!);
        var name = NodeChoice.Check(cluster, parsed.GetValue(node)!);
        await new MemberChange(cluster).DownAsync(name, cancellation).ConfigureAwait(false);
        Console.WriteLine($"{name} is down");
        return ExitCodes.Ok;
    }
}
