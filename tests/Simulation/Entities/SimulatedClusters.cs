using Cluster.Engine.Hosting;
using Cluster.Engine.Simulation;

namespace Cluster.Simulation.Tests.Entities;

/// <summary>Nodes that serve.</summary>
internal static class SimulatedClusters
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public static SimulatedCluster Ready(int seed, Func<EngineOptions, EngineOptions>? tune = null, int count = 3)
    {
        var cluster = new SimulatedCluster(seed, count, tune);
        cluster.StartAll();
        AwaitReady(cluster);

        // A control plane whose other voters are still on their way does not survive its first one: that is not what is tested here.
        cluster.RunUntil(() => cluster.Nodes.All(node => node.Engine.View.Describe().Shards[0].Voters.Count == count), Patience, () => $"{count} voters of the control plane");
        return cluster;
    }

    public static void AwaitReady(SimulatedCluster cluster) => cluster.RunUntil(
        () => cluster.Nodes.All(node => node.IsRunning && node.Engine.View.NotReadyBecause is null),
        Patience,
        () => "all nodes ready; " + string.Join("; ", cluster.Nodes.Select(node => $"{node.Name}: {node.Fatal ?? "alive"} {(node.IsRunning ? node.Engine.View.NotReadyBecause : "dead")}")));
}
