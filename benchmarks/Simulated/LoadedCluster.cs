using Cluster.Engine.Simulation;
using Cluster.Shared.KeyValue;
using Cluster.Shared.Wire;

namespace Cluster.Benchmarks.Simulated;

/// <summary>Five simulated nodes with three shards, and a client at each that asks fifteen times a virtual second: half of it reads, half writes, all linearizable, over a hundred keys.</summary>
internal sealed class LoadedCluster
{
    public const int Nodes = 5;

    private const int RoundsPerSecond = 15;
    private const int Keys = 100;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly SimulatedCluster cluster = new(seed: 1, Nodes, options => options with { Shards = 3 });
    private readonly List<Task> calls = [];
    private int asked;

    public LoadedCluster()
    {
        cluster.StartAll();
        cluster.RunUntil(() => cluster.Nodes.All(node => node.Engine.View.NotReadyBecause is null), Patience, () => "all nodes ready");
    }

    public TimeSpan Now => cluster.Now;

    public long Operations { get; private set; }

    /// <summary>Messages between nodes.</summary>
    public long Messages => cluster.Trace.Messages;

    public void RunSecond()
    {
        for (var round = 0; round < RoundsPerSecond; round++)
        {
            calls.Clear();
            foreach (var node in cluster.Nodes)
            {
                var key = BitConverter.GetBytes(asked++ % Keys);
                var command = asked % 2 == 0 ? KvCommands.Get(key) : KvCommands.Put(key, new byte[64]);
                calls.Add(node.Engine.KeyValue.ExecuteAsync(command, ReadConsistency.Linearizable, RequestIdentity.None, CancellationToken.None).AsTask());
                Operations++;
            }

            cluster.Run(TimeSpan.FromSeconds(1.0 / RoundsPerSecond));
            cluster.RunUntil(() => calls.TrueForAll(call => call.IsCompleted), Patience, () => "all calls over");
        }
    }
}
