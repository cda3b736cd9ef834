using BenchmarkDotNet.Attributes;
using Cluster.Engine.Simulation;
using Cluster.Shared.KeyValue;
using Cluster.Shared.Wire;

namespace Cluster.Benchmarks.Micro;

/// <summary>The simulator: a second of virtual time of three nodes that have nothing to do, and one write through all of them.</summary>
public class SimulatorBenchmarks
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly SimulatedCluster cluster = new(seed: 1, count: 3);

    private readonly SimulatedCluster loaded = new(seed: 1, count: 5, options => options with { Shards = 3 });
    private readonly List<Task> calls = [];

    [GlobalSetup]
    public void Start()
    {
        cluster.StartAll();
        cluster.RunUntil(() => cluster.Nodes.All(node => node.Engine.View.NotReadyBecause is null), Patience, () => "all nodes ready");
        loaded.StartAll();
        loaded.RunUntil(() => loaded.Nodes.All(node => node.Engine.View.NotReadyBecause is null), Patience, () => "all nodes ready");
    }

    /// <summary>A second of five nodes and five clients that each ask some fifteen times: the inverse is how many times faster than real time a run is.</summary>
    [Benchmark]
    public void LoadedSecond()
    {
        for (var round = 0; round < 15; round++)
        {
            calls.Clear();
            foreach (var node in loaded.Nodes)
            {
                var command = round % 2 == 0 ? KvCommands.Get("key"u8.ToArray()) : KvCommands.Put("key"u8.ToArray(), new byte[64]);
                calls.Add(node.Engine.KeyValue.ExecuteAsync(command, ReadConsistency.Linearizable, RequestIdentity.None, CancellationToken.None).AsTask());
            }

            loaded.Run(TimeSpan.FromSeconds(1.0 / 15));
            loaded.RunUntil(() => calls.TrueForAll(call => call.IsCompleted), Patience, () => "all calls over");
        }
    }

    [Benchmark]
    public void IdleSecond() => cluster.Run(TimeSpan.FromSeconds(1));

    [Benchmark]
    public object Write() =>
        cluster.Await(cluster.Nodes[0].Engine.KeyValue.ExecuteAsync(KvCommands.Put("key"u8.ToArray(), new byte[128]), ReadConsistency.Linearizable, RequestIdentity.None, CancellationToken.None), Patience);
}
