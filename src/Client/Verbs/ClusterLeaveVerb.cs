using System.CommandLine;
using Cluster.Client.Nodes;
using Cluster.Lab.Members;

namespace Cluster.Client.Verbs;

/// <summary>Lets a member go in order: its replicas move first. Its process goes on until it is out.</summary>
internal sealed class ClusterLeaveVerb : Verb
{
    private readonly Argument<string> node = VerbOptions.Node();
    private readonly TargetOptions target = new();

    public ClusterLeaveVerb()
        : base("leave", "Let a member go in order: its shards move away first")
    {
        Add(node);
        target.AddTo(this);
        SetAction(RunAsync);
    }

    public override IReadOnlyList<string> Examples => ["lab cluster leave n3"];

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        var cluster = await target.OpenAsync(parsed, cancellation).ConfigureAwait(false);
        var name = NodeChoice.Check(cluster, parsed.GetValue(node)!);
        await new MemberChange(cluster).LeaveAsync(name, cancellation).ConfigureAwait(false);
        Console.WriteLine($"{name} is leaving; 'lab status' shows when it is gone");
        return ExitCodes.Ok;
    }
}
