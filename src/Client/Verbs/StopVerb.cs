using System.CommandLine;
using Cluster.Client.Nodes;
using Cluster.Lab;

namespace Cluster.Client.Verbs;

/// <summary>The graceful end of a node: it leaves the cluster, its shards move away, then its process ends.</summary>
internal sealed class StopVerb : Verb
{
    /// <summary>Moving the replicas of a lab's data takes seconds.</summary>
    private static readonly TimeSpan LeaveDeadline = TimeSpan.FromSeconds(60);

    /// <summary>The others notice the end of a process by its connections, at once.</summary>
    private static readonly TimeSpan RemovalDeadline = TimeSpan.FromSeconds(5);

    private readonly Argument<string> node = VerbOptions.Node();
    private readonly Option<string> directory = VerbOptions.Directory();

    public StopVerb()
        : base("stop", "Graceful leave: shards move away, then the process ends")
    {
        Add(node);
        Add(directory);
        SetAction(RunAsync);
    }

    public override IReadOnlyList<string> Examples => ["lab stop n3"];

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        var cluster = NodeChoice.Open(parsed.GetValue(directory)!);
        var name = NodeChoice.Check(cluster, parsed.GetValue(node)!);
        var change = new MemberChange(cluster);
        await change.LeaveAsync(name, cancellation).ConfigureAwait(false);
        // Exiting: it holds no replica any more, and is removed when its process has ended.
        if (!await change.WaitUntilAsync(name, ["exiting", "removed"], LeaveDeadline, cancellation).ConfigureAwait(false))
        {
            throw new LabException($"{name} has not left after {LeaveDeadline.TotalSeconds:0} s and still runs: 'lab status' shows what it still holds");
        }

        await cluster.TerminateAsync(name, cancellation).ConfigureAwait(false);
        var removed = await change.WaitUntilAsync(name, ["removed"], RemovalDeadline, cancellation).ConfigureAwait(false);
        // A member that has left never comes back on its old data; without it, it can join anew under its name.
        cluster.Directory.DeleteData([name]);
        Console.WriteLine($"{name} has left the cluster and stopped{(removed ? "" : " (the others have not removed it yet)")}; 'lab restart {name}' lets it join again as a new member");
        return ExitCodes.Ok;
    }
}
