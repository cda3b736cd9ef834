using Cluster.Engine.Simulation;

namespace Cluster.Simulation.Tests.Clusters;

/// <summary>What a restart costs the others.</summary>
public class RestartTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Leaders_that_have_started_again_bring_a_follower_that_is_a_little_behind_up_from_their_logs(int seed)
    {
        // Snapshots are frequent and the entries before them are kept: what a restart would have to keep, too.
        var cluster = new SimulatedCluster(seed, 3, options => options with { Replication = options.Replication with { SnapshotAfterLogBytes = 12 * 1024 } });
        cluster.StartAll();
        cluster.RunUntil(() => Ready(cluster), Patience, () => "all nodes are ready");
        var load = new SimulatedLoad(cluster, writers: 6);
        load.Run(TimeSpan.FromSeconds(1));
        var behind = cluster.Nodes[seed % 3];
        behind.Kill();
        load.Run(TimeSpan.FromSeconds(3));
        load.Finish();
        foreach (var node in cluster.Nodes)
        {
            node.LosePower();
        }

        cluster.StartAll();
        cluster.RunUntil(() => Ready(cluster) && Equal(cluster), Patience, () => "all replicas are equal");
        Assert.DoesNotContain("goes on from its leader's snapshot", cluster.Diary, StringComparison.Ordinal);
        Assert.Empty(load.Lost());
    }

    private static bool Ready(SimulatedCluster cluster) => cluster.Nodes.All(node => node.Engine.View.NotReadyBecause is null);

    private static bool Equal(SimulatedCluster cluster) =>
        cluster.Nodes.SelectMany(node => node.Engine.Replicas.All).GroupBy(status => status.Group).All(group => group.All(status => status.StateHash is not null) && group.Select(status => (status.Applied, status.StateHash)).Distinct().Count() == 1);
}
