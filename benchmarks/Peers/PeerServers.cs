using System.Net;
using Cluster.Lab.Benchmarks;
using Cluster.Lab.Processes;

namespace Cluster.Benchmarks.Peers;

/// <summary>Everything that is measured beside everything else, started together and ended together: our three nodes, redis-server twice, three etcd. What is not installed is left out, and said.</summary>
internal sealed class PeerServers : IAsyncDisposable
{
    public const string Ours = "cluster lab, 3 nodes";
    public const string OursByLease = "cluster lab, 3 nodes, lease reads";
    public const string Redis = "redis-server, no persistence";
    public const string RedisSynced = "redis-server, appendfsync always";
    public const string Etcd = "etcd, 3 nodes";

    private const int Nodes = 3;

    private static readonly TimeSpan ReadyDeadline = TimeSpan.FromSeconds(60);

    private readonly string directory = Path.Combine(Path.GetTempPath(), "cluster-peers-" + Guid.NewGuid().ToString("N"));
    private readonly List<ServerProcess> processes = [];

    public LocalCluster? Cluster { get; private set; }

    public Dictionary<string, BenchTarget> Targets { get; } = [];

    public async Task StartAsync()
    {
        Directory.CreateDirectory(directory);
        await StartOursAsync();
        if (ServerProcess.IsInstalled("redis-server"))
        {
            await StartRedisAsync(Redis, "--appendonly", "no");
            await StartRedisAsync(RedisSynced, "--appendonly", "yes", "--appendfsync", "always");
        }
        else
        {
            await Console.Error.WriteLineAsync("redis-server is not installed (Debian: apt-get install redis-server): left out");
        }

        if (ServerProcess.IsInstalled("etcd"))
        {
            await StartEtcdAsync();
        }
        else
        {
            await Console.Error.WriteLineAsync("etcd is not installed (Debian: apt-get install etcd-server): left out");
        }
    }

    public async ValueTask DisposeAsync()
    {
        processes.ForEach(process => process.Dispose());
        if (Cluster is not null)
        {
            await Cluster.AbandonAsync(keepData: false);
        }

        Directory.Delete(directory, recursive: true);
    }

    private async Task StartOursAsync()
    {
        Cluster = LocalCluster.Start(new LaunchPlan("bench", Nodes, FreePorts.FindOffset(Nodes, first: 7_000)), Path.Combine(directory, "lab"), TimeProvider.System);
        await Cluster.WaitReadyAsync(Cluster.NodeNames, ReadyDeadline, (_, _) => { }, CancellationToken.None);
        var ours = new BenchTarget(Ours, [.. Cluster.Nodes.Select(node => IPEndPoint.Parse(node.Resp))], Cluster.Nodes.ToDictionary(node => node.Name, node => node.Pid));
        Targets[Ours] = ours;
        Targets[OursByLease] = ours with { Name = OursByLease, Consistency = "lease" };
    }

    private async Task StartRedisAsync(string name, params string[] persistence)
    {
        var port = FreePort.Next();
        var process = ServerProcess.Start("redis-server", Path.Combine(directory, "redis-" + port), ["--port", $"{port}", "--bind", "127.0.0.1", "--save", "", .. persistence]);
        processes.Add(process);
        await process.WaitForPortAsync(port);
        Targets[name] = new BenchTarget(name, [new IPEndPoint(IPAddress.Loopback, port)], new Dictionary<string, int> { ["redis-server"] = process.Pid });
    }

    private async Task StartEtcdAsync()
    {
        var ports = Enumerable.Range(0, Nodes).Select(_ => (Client: FreePort.Next(), Peer: FreePort.Next())).ToArray();
        var members = string.Join(',', ports.Select((port, number) => $"e{number}=http://127.0.0.1:{port.Peer}"));
        var started = new Dictionary<string, int>();
        for (var number = 0; number < Nodes; number++)
        {
            var (client, peer) = ($"http://127.0.0.1:{ports[number].Client}", $"http://127.0.0.1:{ports[number].Peer}");
            var process = ServerProcess.Start(
                "etcd",
                Path.Combine(directory, $"etcd-{number}"),
                "--name", $"e{number}", "--data-dir", Path.Combine(directory, $"etcd-{number}", "data"), "--listen-client-urls", client, "--advertise-client-urls", client,
                "--listen-peer-urls", peer, "--initial-advertise-peer-urls", peer, "--initial-cluster", members, "--initial-cluster-state", "new", "--log-level", "error");
            processes.Add(process);
            started[$"e{number}"] = process.Pid;
        }

        for (var number = 0; number < Nodes; number++)
        {
            // A member listens for clients once it knows a leader.
            await processes[^(Nodes - number)].WaitForPortAsync(ports[number].Client);
        }

        IPEndPoint[] doors = [.. ports.Select(port => new IPEndPoint(IPAddress.Loopback, port.Client))];
        Targets[Etcd] = new BenchTarget(Etcd, doors, started) { Generator = options => new EtcdGenerator(options, doors) };
    }
}
