using System.Diagnostics;
using System.Globalization;
using Cluster.Engine.Hosting;
using Cluster.Engine.Port;
using Cluster.Engine.Remoting;
using Cluster.Engine.Remoting.Tcp;
using Cluster.Engine.Storage;
using Cluster.Shared.Ids;

namespace Cluster.Benchmarks.Throughput;

/// <summary>
/// Asks of entities from one of three nodes in this process, over loopback TCP, each entity with three replicas, on a disk in memory. A question is answered linearizably from
/// the leader's state; a deposit is replicated before it is answered, which an Akka entity in memory does not do.
/// </summary>
internal sealed class ShardedAsk(bool writes) : IThroughputCase
{
    private const int Nodes = 3;
    private const int Entities = 1_000;

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan ReadyDeadline = TimeSpan.FromSeconds(60);

    private readonly string directory = Path.Combine(Directory.Exists("/dev/shm") ? "/dev/shm" : Path.GetTempPath(), "cluster-bench-" + Guid.NewGuid().ToString("N"));
    private readonly string[] names = [.. Enumerable.Range(0, Entities).Select(number => "account-" + number.ToString(CultureInfo.InvariantCulture))];
    private readonly List<(BenchNode Node, EmbeddedNode Engine)> nodes = [];
    private readonly EntityType[] types = [.. Enumerable.Range(0, Nodes).Select(_ => Account.Type())];
    private IShardRegion? region;
    private int next;

    public string Name => writes ? "sharded-ask-write" : "sharded-ask";

    public string What => (writes ? "commands that change an entity, on three replicas before the answer" : "questions to an entity, answered linearizably") + $", {InFlight.Asks} under way, {Nodes} nodes in one process, disk in memory";

    public double? Target => writes ? null : 100_000;

    public async Task StartAsync()
    {
        var listeners = new List<StandaloneListener>();
        for (var number = 0; number < Nodes; number++)
        {
            listeners.Add(await BenchNode.ListenAsync());
        }

        NodeAddress[] seeds = [.. listeners.Select(listener => listener.Address)];
        for (var number = 0; number < Nodes; number++)
        {
            nodes.Add(Create(listeners[number], NodeName.Parse($"n{number + 1}"), seeds));
        }

        foreach (var (node, engine) in nodes)
        {
            await engine.StartAsync(CancellationToken.None);
            node.Serve();
        }

        var clock = Stopwatch.StartNew();
        while (nodes.Any(node => node.Engine.View.NotReadyBecause is not null))
        {
            if (clock.Elapsed > ReadyDeadline)
            {
                throw new TimeoutException("the nodes did not become ready: " + string.Join("; ", nodes.Select(node => node.Engine.View.NotReadyBecause)));
            }

            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
        }

        region = nodes[0].Engine.Sharding.Start(types[0]);
    }

    public Task<long> RunAsync(TimeSpan time) => InFlight.RunAsync(time, _ =>
    {
        var name = names[(uint)Interlocked.Increment(ref next) % Entities];
        return region!.AskAsync<Total>(name, writes ? new Deposit(1) : new Balance(), Timeout);
    });

    public async ValueTask DisposeAsync()
    {
        foreach (var (node, engine) in nodes)
        {
            await engine.DisposeAsync();
            await node.DisposeAsync();
        }

        if (Directory.Exists(directory))
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    private (BenchNode, EmbeddedNode) Create(StandaloneListener listener, NodeName name, IReadOnlyList<NodeAddress> seeds)
    {
        var options = new EngineOptions { Cluster = BenchNode.Cluster, Name = name, Address = listener.Address, Seeds = seeds, Entities = [types[nodes.Count]] };
        var data = DataDirectory.Open(new LocalDisk(Path.Combine(directory, name.ToString())), BenchNode.Cluster, name, "the benchmark", Guid.NewGuid());
        var identity = new PeerIdentity(name, listener.Address, data.Identity.NodeId, data.Identity.Incarnation, data.Identity.Uid);
        var node = BenchNode.Create(listener, name.ToString(), NodeMessages.Registry(options), identity);
        return (node, new EmbeddedNode(options, new NodeFoundation(data, node.Local, node.Transport, node.System) { Fatal = why => Console.Error.WriteLine($"{name} ends: {why}") }));
    }
}
