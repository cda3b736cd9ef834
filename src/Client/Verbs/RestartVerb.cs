using System.CommandLine;
using Cluster.Client.Nodes;
using Cluster.Lab.Targets;

namespace Cluster.Client.Verbs;

/// <summary>Starts nodes again on their data: the named ones, ended first if they run, or else every one that does not run.</summary>
internal sealed class RestartVerb : Verb
{
    private readonly Argument<string[]> nodes = new("NODE") { Description = "Names of nodes; without, all that do not run", Arity = ArgumentArity.ZeroOrMore };
    private readonly Option<bool> fresh = new("--fresh") { Description = "Delete the nodes' data first: they join as new members" };
    private readonly TargetOptions target = new();

    public RestartVerb()
        : base("restart", "Start nodes again on the same data; without a name, all that do not run")
    {
        Add(nodes);
        Add(fresh);
        target.AddTo(this);
        SetAction(RunAsync);
    }

    public override IReadOnlyList<string> Examples => ["lab restart n2", "lab restart", "lab cluster down n3 && lab restart n3 --fresh"];

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        var cluster = await target.OpenAsync(parsed, cancellation).ConfigureAwait(false);
        var asked = NodeChoice.CheckProcesses(cluster, parsed.GetValue(nodes)!);
        await RestartDatabaseAsync(cluster, asked, parsed.GetValue(fresh), cancellation).ConfigureAwait(false);
        IReadOnlyList<string> named = [.. asked.Where(name => name != ClusterTarget.DatabaseName)];
        if (asked.Count > 0 && named.Count == 0)
        {
            return ExitCodes.Ok;
        }

        var names = named.Count > 0 ? named : await DeadAsync(cluster, cancellation).ConfigureAwait(false);
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
        var members = cluster.NodeNames.Count(name => cluster.HasData(name) || names.Contains(name));
        var running = (await cluster.RunningAsync(cancellation).ConfigureAwait(false)).Count;
        if (running * 2 > members)
        {
            await ClusterStart.WaitAsync(cluster, names, ClusterStart.ReadyDeadline, cancellation).ConfigureAwait(false);
            Console.WriteLine($"{string.Join(", ", names)}: ready");
        }
        else
        {
            await cluster.WaitAliveAsync(names, ClusterStart.ReadyDeadline, cancellation).ConfigureAwait(false);
            Console.WriteLine($"{string.Join(", ", names)}: started, and cannot be ready without a majority: {running} of {members} nodes run");
        }

        return ExitCodes.Ok;
    }

    /// <summary>Where it is named; where nothing is, if it does not run.</summary>
    private static async Task RestartDatabaseAsync(ClusterTarget cluster, IReadOnlyList<string> asked, bool fresh, CancellationToken cancellation)
    {
        if (cluster.Database is not { } database || !(asked.Count == 0 ? database.State == ProcessState.Dead : asked.Contains(ClusterTarget.DatabaseName)))
        {
            return;
        }

        if (fresh && asked.Count > 0)
        {
            throw new UsageException("--fresh is for nodes: a new database comes with 'lab down' and 'lab up --postgres start'");
        }

        await cluster.RestartAsync(ClusterTarget.DatabaseName, cancellation).ConfigureAwait(false);
        await ClusterStart.WaitForDatabaseAsync(cluster, cancellation).ConfigureAwait(false);
        Console.WriteLine($"{ClusterTarget.DatabaseName}: ready");
    }

    private static async Task<IReadOnlyList<string>> DeadAsync(ClusterTarget cluster, CancellationToken cancellation)
    {
        var dead = new List<string>();
        foreach (var name in cluster.NodeNames)
        {
            if (await cluster.StateAsync(name, cancellation).ConfigureAwait(false) == ProcessState.Dead)
            {
                dead.Add(name);
            }
        }

        return dead;
    }
}
