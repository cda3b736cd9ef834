using System.Globalization;
using Cluster.Shared.Files;
using Cluster.Shared.Layouts;

namespace Cluster.Lab.Processes;

/// <summary>
/// What <c>lab up</c> was asked for, kept in DIR/launch.json so that a restart, or a node added later, starts with the same options. Ports are those of the
/// Akka.NET world: node i has remoting 4052+i, HTTP 8557+i, RESP 6378+i, all shifted by the offset.
/// </summary>
/// <param name="Postgres">Whether the nodes use a PostgreSQL: its URL stands in a file of the directory.</param>
/// <param name="NodeArguments">More of the node program's options, the same for every node: <c>--flaw</c>, <c>--disk-faults</c>. The node says what is wrong with them.</param>
/// <param name="Clusters">Into how many clusters the nodes are divided, each federated with the others.</param>
public sealed record LaunchPlan(
    string Name,
    int Nodes = 3,
    int PortOffset = 0,
    int? Shards = null,
    bool Redirect = false,
    bool Tls = false,
    string? ReplaceAfter = null,
    IReadOnlyList<string>? NodeArguments = null,
    bool Postgres = false,
    int Clusters = 1)
{
    /// <summary>Most nodes on one machine: the port ranges stay apart, and no laptop runs more.</summary>
    public const int MaxNodes = 25;

    /// <summary>The control plane is a Raft group of the seeds; three stand one loss, and a node more only costs messages.</summary>
    private const int MaxSeeds = 3;

    private const string Ip = "127.0.0.1";

    private ClusterLayout Layout => new(Name, Nodes, Clusters);

    /// <summary>Node 1 is n1, and so on; a node that is added may have another name.</summary>
    public static string NodeName(int number) => ClusterLayout.NodeName(number);

    /// <summary>The seeds of that node's cluster.</summary>
    public IReadOnlyList<string> SeedsOf(ClusterFileNode node) => SeedsIn(Layout.ClusterOf(NumberOf(node)));

    /// <summary>Where a PostgreSQL of the cluster's own listens.</summary>
    public int PostgresPort => 5432 + PortOffset;

    public IEnumerable<int> PortsOf(int number) => [4052 + number + PortOffset, 8557 + number + PortOffset, 6378 + number + PortOffset];

    public ClusterFileNode Describe(int number, int pid, string? name = null) =>
        new(name ?? NodeName(number), pid, Remoting(number), (Tls ? "https://" : "http://") + Address(8557, number), Address(6378, number))
        {
            Cluster = Clusters == 1 ? null : Layout.Names[Layout.ClusterOf(number)],
        };

    /// <summary>The node program's options.</summary>
    /// <param name="seeds">Where it looks for the cluster; null for the seeds that the cluster was started with.</param>
    public IReadOnlyList<string> Arguments(ClusterFileNode node, string directory, IReadOnlyList<string>? seeds = null)
    {
        List<string> arguments =
        [
            "--name", node.Name, "--cluster", node.Cluster ?? Name, "--ip", Ip,
            "--port", PortOf(node.Remoting), "--http-port", PortOf(node.Http), "--resp-port", PortOf(node.Resp),
            "--seeds", string.Join(',', seeds ?? SeedsOf(node)),
            "--data", Path.Combine(directory, node.Name),
            "--lab", "--admin-token-file", Path.Combine(directory, LabDirectory.TokenFileName),
        ];
        foreach (var other in Layout.Names.Index().Where(other => Clusters > 1 && other.Item != node.Cluster))
        {
            arguments.AddRange(["--federate", $"{other.Item}={string.Join(',', SeedsIn(other.Index))}"]);
        }

        if (Shards is { } shards)
        {
            arguments.AddRange(["--shards", shards.ToString(CultureInfo.InvariantCulture)]);
        }

        if (Redirect)
        {
            arguments.Add("--redirect");
        }

        if (Tls)
        {
            var certificates = LabDirectory.CertificatesOf(directory);
            arguments.AddRange(
            [
                "--tls-cert", certificates.CertificateFile(node.Name), "--tls-key", certificates.KeyFile(node.Name), "--tls-ca", certificates.AuthorityFile,
                "--http-tls", "--resp-tls",
            ]);
        }

        if (ReplaceAfter is { } silence)
        {
            arguments.AddRange(["--replace-after", silence]);
        }

        if (Postgres)
        {
            arguments.AddRange(["--postgres-file", Path.Combine(directory, LabDirectory.PostgresUrlName)]);
        }

        arguments.AddRange(NodeArguments ?? []);
        return arguments;
    }

    private IReadOnlyList<string> SeedsIn(int cluster) => [.. Layout.NumbersOf(cluster).Take(MaxSeeds).Select(Remoting)];

    private int NumberOf(ClusterFileNode node) => int.Parse(PortOf(node.Remoting), CultureInfo.InvariantCulture) - 4052 - PortOffset;

    private static string PortOf(string address) => address[(address.LastIndexOf(':') + 1)..];

    private string Remoting(int number) => Address(4052, number);

    private string Address(int firstPort, int number) => string.Create(CultureInfo.InvariantCulture, $"{Ip}:{firstPort + number + PortOffset}");
}
