using System.Globalization;
using Cluster.Shared.Files;

namespace Cluster.Lab.Processes;

/// <summary>
/// What <c>lab up</c> was asked for, kept in DIR/launch.json so that a restart starts a node with the same options. Ports are those of the
/// Akka.NET world: node i has remoting 4052+i, HTTP 8557+i, RESP 6378+i, all shifted by the offset.
/// </summary>
public sealed record LaunchPlan(string Name, int Nodes = 3, int PortOffset = 0, int? Shards = null)
{
    /// <summary>Most nodes on one machine: the port ranges stay apart, and no laptop runs more.</summary>
    public const int MaxNodes = 16;

    /// <summary>The control plane is a Raft group of the seeds; three stand one loss, and a node more only costs messages.</summary>
    private const int MaxSeeds = 3;

    private const string Ip = "127.0.0.1";

    public IReadOnlyList<string> Seeds => [.. Enumerable.Range(1, Math.Min(Nodes, MaxSeeds)).Select(Remoting)];

    public static string NodeName(int number) => "n" + number.ToString(CultureInfo.InvariantCulture);

    public IEnumerable<int> PortsOf(int number) => [4052 + number + PortOffset, 8557 + number + PortOffset, 6378 + number + PortOffset];

    public ClusterFileNode Describe(int number, int pid) => new(NodeName(number), pid, Remoting(number), "http://" + Address(8557, number), Address(6378, number));

    /// <summary>The node program's options.</summary>
    public IReadOnlyList<string> Arguments(int number, string directory)
    {
        var ports = PortsOf(number).Select(port => port.ToString(CultureInfo.InvariantCulture)).ToArray();
        List<string> arguments =
        [
            "--name", NodeName(number), "--cluster", Name, "--ip", Ip,
            "--port", ports[0], "--http-port", ports[1], "--resp-port", ports[2],
            "--seeds", string.Join(',', Seeds),
            "--data", Path.Combine(directory, NodeName(number)),
            "--lab", "--admin-token-file", Path.Combine(directory, LabDirectory.TokenFileName),
        ];
        if (Shards is { } shards)
        {
            arguments.AddRange(["--shards", shards.ToString(CultureInfo.InvariantCulture)]);
        }

        return arguments;
    }

    private string Remoting(int number) => Address(4052, number);

    private string Address(int firstPort, int number) => string.Create(CultureInfo.InvariantCulture, $"{Ip}:{firstPort + number + PortOffset}");
}
