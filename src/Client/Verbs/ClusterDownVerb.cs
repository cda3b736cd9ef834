using System.CommandLine;
using Cluster.Client.Nodes;
using Cluster.Lab.Members;

namespace Cluster.Client.Verbs;

/// <summary>Declares a member dead for good, so that its replicas are placed elsewhere.</summary>
internal sealed class ClusterDownVerb : Verb
{
    private readonly Argument<string> node = VerbOptions.Node();
    private readonly TargetOptions target = new();

    public ClusterDownVerb()
        : base("down", "Declare a member dead for good: its replicas are placed elsewhere")
    {
        Add(node);
        target.AddTo(this);
        SetAction(RunAsync);
    }

    public override IReadOnlyList<string> Examples => ["lab kill n3 && lab cluster down n3"];

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        var cluster = await target.OpenAsync(parsed, cancellation).ConfigureAwait(false);
        var name = NodeChoice.Check(cluster, parsed.GetValue(node)!);
        await new MemberChange(cluster).DownAsync(name, cancellation).ConfigureAwait(false);
        Console.WriteLine($"{name} is down");
        return ExitCodes.Ok;
    }
}
