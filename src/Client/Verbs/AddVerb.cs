using System.CommandLine;
using Cluster.Client.Nodes;
using Cluster.Client.Output;
using Cluster.Lab;
using Cluster.Lab.Members;
using Cluster.Lab.Processes;
using Cluster.Lab.Targets;
using Cluster.Shared.Files;
using Cluster.Shared.Ids;

namespace Cluster.Client.Verbs;

/// <summary>Grows the cluster by real processes, under load: each new node joins, is given its share of the replicas, and only then counts as there.</summary>
internal sealed class AddVerb : Verb
{
    private readonly Argument<string?> name = new("NAME") { Description = "Its name; without one, the next free: n4 beside n1, n2, n3", Arity = ArgumentArity.ZeroOrOne };
    private readonly Option<int> count = VerbOptions.Number("--count", "How many nodes, one after the other", 1, 1, LaunchPlan.MaxNodes);
    private readonly Option<bool> noWait = new("--no-wait") { Description = "Return when the processes are started" };
    private readonly Option<int> timeout = VerbOptions.Number("--timeout", "Seconds for each node to join and to get its replicas", 120, 1, 86_400);
    private readonly Option<string> directory = VerbOptions.Directory();

    public AddVerb()
        : base("add", "Start one more node: it joins and takes its share of the replicas")
    {
        Validators.Add(result =>
        {
            if (result.GetValue(name) is not { } given)
            {
                return;
            }

            if (!NodeName.TryParse(given, out _))
            {
                result.AddError($"'{given}' is not a node name: 1 to 32 of a-z, 0-9 and '-', a letter first");
            }

            if (result.GetValue(count) > 1)
            {
                result.AddError($"{result.GetValue(count)} nodes cannot share one name: give one name, or --count, not both");
            }
        });
        Add(name);
        Add(count);
        Add(noWait);
        Add(timeout);
        Add(directory);
        SetAction(RunAsync);
    }

    public override IReadOnlyList<string> Examples => ["lab add", "lab add --count 2", "lab add zebra --no-wait"];

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        var cluster = NodeChoice.Open(parsed.GetValue(directory)!);
        for (var added = 0; added < parsed.GetValue(count); added++)
        {
            var start = TimeProvider.System.GetTimestamp();
            var newcomer = await cluster.AddAsync(parsed.GetValue(name), Console.WriteLine, cancellation).ConfigureAwait(false);
            var node = newcomer.Node;
            if (parsed.GetValue(noWait))
            {
                Console.WriteLine($"{node.Name} is started (process {node.Pid}, redis {node.Resp}); 'lab status' shows how far it is");
                continue;
            }

            var deadline = TimeSpan.FromSeconds(parsed.GetValue(timeout));
            await JoinAsync(cluster, newcomer, deadline, cancellation).ConfigureAwait(false);
            var progress = await AwaitShareAsync(cluster, node.Name, deadline, cancellation).ConfigureAwait(false);
            Console.WriteLine($"{node.Name} is up and votes in {progress.Votes} of {progress.Shards} shards after {Format.Duration(TimeProvider.System.GetElapsedTime(start))}; each shard has {progress.Replication}");
            Write(node);
        }

        return ExitCodes.Ok;
    }

    /// <summary>A node that ends before it is a member leaves nothing behind: what it was refused for stands in its last words.</summary>
    private static async Task JoinAsync(LocalCluster cluster, AddedNode added, TimeSpan deadline, CancellationToken cancellation)
    {
        try
        {
            await ClusterStart.WaitAsync(cluster, [added.Node.Name], deadline, cancellation).ConfigureAwait(false);
        }
        catch (LabException) when (cluster.Process(added.Node.Name).State == ProcessState.Dead)
        {
            await cluster.UndoAddAsync(added).ConfigureAwait(false);
            throw;
        }
    }

    private static async Task<ReplicaProgress> AwaitShareAsync(LocalCluster cluster, string name, TimeSpan deadline, CancellationToken cancellation)
    {
        var line = new ProgressLine();
        try
        {
            return await ReplicaProgress.AwaitShareAsync(cluster, name, deadline, progress => line.Show($"{name}: {progress.Votes} of {progress.Assigned} replicas are here"), cancellation).ConfigureAwait(false);
        }
        finally
        {
            line.Clear();
        }
    }

    private static void Write(ClusterFileNode node)
    {
        var listing = new Listing("node", "pid", "redis", "http", "remoting");
        listing.Add(node);
        listing.Write();
    }
}
