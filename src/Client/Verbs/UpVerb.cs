using System.CommandLine;
using Cluster.Client.Nodes;
using Cluster.Client.Output;
using Cluster.Lab.Processes;
using Cluster.Shared.Ids;
using Cluster.Shared.Layouts;
using Spectre.Console;

namespace Cluster.Client.Verbs;

/// <summary>Starts a local cluster, waits until every node is ready, and says where to connect. A failed start leaves no process behind.</summary>
internal sealed class UpVerb : Verb
{
    private readonly Option<int> nodes = VerbOptions.Number("--nodes", "How many nodes", 3, 1, LaunchPlan.MaxNodes);
    private readonly Option<int> clusters = VerbOptions.Number("--clusters", "Into how many clusters the nodes are divided, each whole and federated with the others", 1, 1, ClusterLayout.MostClusters);
    private readonly Option<int> portOffset = VerbOptions.Number("--port-offset", "Shifts every port, so that clusters can stand side by side", VerbOptions.DefaultPortOffset, 0, 50_000);
    private readonly Option<int?> shards = new("--shards") { Description = "How many shards the keys are spread over (the node's own default if not given)", HelpName = "N" };
    private readonly Option<bool> redirect = new("--redirect") { Description = "Let nodes send Redis clients to the node that leads a key, as a Redis Cluster does (redis-cli -c)" };
    private readonly Option<string?> replaceAfter = new("--replace-after") { Description = "Silence after which a node's replicas are built elsewhere: 30s, 5m, never (the node's own default if not given)", HelpName = "TIME" };
    private readonly Option<string> name = new("--name") { Description = "The cluster's name; nodes of another name are refused", DefaultValueFactory = _ => "lab", HelpName = "NAME" };
    private readonly Option<bool> tls = new("--tls") { Description = "Mutual TLS between the nodes, HTTPS, and TLS for the Redis protocol, with certificates of the lab's own in DIR/certs" };
    private readonly Option<string[]> flaw = new("--flaw") { Description = "Plant a bug in every node, to see it found; may be given several times (an unknown name is answered with the list)", HelpName = "NAME" };
    private readonly Option<string?> diskFaults = new("--disk-faults") { Description = "lose-unsynced: killed nodes lose what is not flushed, as at a power loss; lose-unsynced,torn: and leave a write half done", HelpName = "FAULT" };
    private readonly Option<string?> postgres = VerbOptions.Postgres("none if not given");
    private readonly Option<string> directory = VerbOptions.Directory();

    public UpVerb()
        : base("up", "Start local node processes; returns when all are ready")
    {
        name.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && !NodeName.TryParse(result.Tokens[0].Value, out _))
            {
                result.AddError($"--name is '{result.Tokens[0].Value}'; it must be 1 to 32 of a-z, 0-9 and '-', a letter first");
            }
        });
        shards.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && (!int.TryParse(result.Tokens[0].Value, out var count) || count is < 1 or > 1024))
            {
                result.AddError($"--shards is {result.Tokens[0].Value}; it must be a whole number from 1 to 1024");
            }
        });
        Add(nodes);
        Add(clusters);
        Add(portOffset);
        Add(shards);
        Add(redirect);
        Add(replaceAfter);
        Add(name);
        Add(tls);
        Add(flaw);
        Add(diskFaults);
        Add(postgres);
        Add(directory);
        SetAction(RunAsync);
    }

    public override IReadOnlyList<string> Examples => ["lab up", "lab up --nodes 5", "lab up --clusters 2 --nodes 6", "lab up --redirect", "lab up --tls", "lab up --postgres start", "lab up --flaw no-fsync --disk-faults lose-unsynced", "lab up --dir /tmp/second --port-offset 100"];

    private string[]? Breaking(ParseResult parsed)
    {
        string[] arguments =
        [
            .. (parsed.GetValue(flaw) ?? []).SelectMany(name => new[] { "--flaw", name }),
            .. parsed.GetValue(diskFaults) is { } faults ? new[] { "--disk-faults", faults } : [],
        ];
        return arguments.Length == 0 ? null : arguments;
    }

    private int Clusters(ParseResult parsed)
    {
        var count = parsed.GetValue(clusters);
        return count > parsed.GetValue(nodes) ? throw new UsageException($"--clusters {count} needs as many nodes at least: add --nodes {3 * count}")
            : count > 1 && parsed.GetValue(tls) ? throw new UsageException("--tls is for one cluster: its certificates name the cluster, and those of another would be refused")
            : count;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        var plan = new LaunchPlan(parsed.GetValue(name)!, parsed.GetValue(nodes), parsed.GetValue(portOffset), parsed.GetValue(shards), parsed.GetValue(redirect), parsed.GetValue(tls), parsed.GetValue(replaceAfter), Breaking(parsed), Clusters: Clusters(parsed));
        string[] named = [.. plan.NodeArguments ?? [], .. plan.ReplaceAfter is { } silence ? new[] { "--replace-after", silence } : []];
        if (named.Length > 0)
        {
            await ModeCatalog.CheckOptionsAsync(named, cancellation).ConfigureAwait(false);
        }

        var path = parsed.GetValue(directory)!;
        var start = TimeProvider.System.GetTimestamp();
        var cluster = await ClusterStart.RunAsync(plan, path, cancellation, parsed.GetValue(postgres)).ConfigureAwait(false);
        var terminal = Terminal.Console;
        terminal.MarkupLineInterpolated($"{plan.Nodes} nodes of '{cluster.Name}' are ready after {Format.Duration(TimeProvider.System.GetElapsedTime(start))}; [grey]{cluster.Directory.ClusterFilePath}[/]");
        var listing = new Listing("node", "pid", "redis", "http", "remoting");
        foreach (var node in cluster.Nodes)
        {
            listing.Add(node);
        }

        listing.Write();
        if (cluster.DatabaseUrl is { } database)
        {
            Console.WriteLine($"PostgreSQL: {database}{(cluster.Database is { } own ? $" ({own.Description}; its password is in {Path.Combine(cluster.Directory.Path, "postgres.password")})" : "")}");
        }

        var first = cluster.Nodes[0];
        var suffix = path == VerbOptions.DefaultDirectory ? "" : " --dir " + path;
        Console.WriteLine();
        var (redisTrust, curlTrust) = first.Ca is { } ca ? ($" --tls --cacert {ca}", $" --cacert {ca}") : ("", "");
        Console.WriteLine($"  redis-cli {(plan.Redirect ? "-c " : "")}-p {NodeAddress.Parse(first.Resp).Port}{redisTrust} set hello world");
        Console.WriteLine($"  curl{curlTrust} {first.Http}/kv/hello");
        Console.WriteLine($"  lab status{suffix}     lab kill {cluster.Nodes[^1].Name}{suffix}     lab down{suffix}");
        return ExitCodes.Ok;
    }
}
