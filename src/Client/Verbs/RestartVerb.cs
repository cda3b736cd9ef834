using System.CommandLine;
using Cluster.Client.Nodes;
using Cluster.Lab.Processes;

namespace Cluster.Client.Verbs;

/// <summary>Starts nodes again on their data: the named ones, ended first if they run, or else every one that does not run.</summary>
internal sealed class RestartVerb : Verb
{
    private readonly Argument<string[]> nodes = new("NODE") { Description = "Names of nodes; without, all that do not run", Arity = ArgumentArity.ZeroOrMore };
    private readonly Option<bool> fresh = new("--fresh") { Description = "Delete the nodes' data first: they join as new members" };
    private readonly Option<string> directory = VerbOptions.Directory();

    public RestartVerb()
        : base("restart", "Start nodes again on the same data; without a name, all that do not run")
    {
        Add(nodes);
        Add(fresh);
        Add(directory);
        SetAction(RunAsync);
    }

    public override IReadOnlyList<string> Examples => ["lab restart n2", "lab restart", "lab cluster down n3 && lab restart n3 --fresh"];

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        var cluster = NodeChoice.Open(parsed.GetValue(directory)!);
        var named = NodeChoice.Check(cluster, parsed.GetValue(nodes)!);
        var names = named.Count > 0 ? named : [.. cluster.NodeNames.Where(name => cluster.Process(name).State == ProcessState.Dead)];
        if (parsed.GetValue(fresh) && named.Count == 0)
        {
            throw new UsageException("--fresh deletes data: name the nodes that it is meant for");
        }

        if (names.Count == 0)
        {
            Console.WriteLine("every node runs");
            return ExitCodes.Ok;
        }

        foreach (var name in names)
        {
            await cluster.RestartAsync(name, cancellation, parsed.GetValue(fresh)).ConfigureAwait(false);
        }

        // Without a majority no node can become ready: then it is enough that they are alive. Who has left in order has no data, and counts no more.
        var members = cluster.NodeNames.Count(name => cluster.Directory.HasData(name) || names.Contains(name));
        if (cluster.Running().Count * 2 > members)
        {
            await ClusterStart.WaitAsync(cluster, names, ClusterStart.ReadyDeadline, cancellation).ConfigureAwait(false);
            Console.WriteLine($"{string.Join(", ", names)}: ready");
        }
        else
        {
            await cluster.WaitAliveAsync(names, ClusterStart.ReadyDeadline, cancellation).ConfigureAwait(false);
            Console.WriteLine($"{string.Join(", ", names)}: started, and cannot be ready without a majority: {cluster.Running().Count} of {members} nodes run");
        }

        return ExitCodes.Ok;
    }
}
