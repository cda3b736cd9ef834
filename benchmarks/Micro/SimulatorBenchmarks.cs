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

    [GlobalSetup]
    public void Start()
    {
        cluster.StartAll();
        cluster.RunUntil(() => cluster.Nodes.All(node => node.Engine.View.NotReadyBecause is null), Patience, () => "all nodes ready");
    }

    [Benchmark]
    public void IdleSecond() => cluster.Run(TimeSpan.FromSeconds(1));

    [Benchmark]
    public object Write() =>
        cluster.Await(cluster.Nodes[0].Engine.KeyValue.ExecuteAsync(KvCommands.Put("key"u8.ToArray(), new byte[128]), ReadConsistency.Linearizable, RequestIdentity.None, CancellationToken.None), Patience);
}
