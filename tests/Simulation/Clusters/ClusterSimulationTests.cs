using System.Globalization;
using System.Text;
using Cluster.Engine.Simulation;
using Cluster.Shared.KeyValue;
using Cluster.Shared.Results;
using Cluster.Shared.Wire;

namespace Cluster.Simulation.Tests.Clusters;

/// <summary>The whole node, three and more of it, in one thread under virtual time: what the processes promise, over many seeds.</summary>
public class ClusterSimulationTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 10)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Three_seeds_form_one_cluster_and_serve_through_any_node(int seed)
    {
        var cluster = Ready(seed);
        Assert.Single(cluster.Nodes.Select(node => node.Engine.View.Describe().ClusterId).Distinct());
        Put(cluster, 1, "a", "1");
        Assert.All(cluster.Nodes, node => Assert.Equal("1", Get(cluster, node, "a")));
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void A_killed_node_under_load_loses_nothing_and_comes_back(int seed)
    {
        var cluster = Ready(seed);
        var load = new SimulatedLoad(cluster, writers: 6);
        load.Run(TimeSpan.FromSeconds(1));
        var victim = 1 + (seed % 3);
        cluster.Nodes[victim - 1].Kill();
        load.Run(TimeSpan.FromSeconds(3));
        cluster.Start(victim);
        load.Run(TimeSpan.FromSeconds(2));
        load.Finish();
        Assert.True(load.Acknowledged > 500, $"only {load.Acknowledged} writes were acknowledged");
        AwaitReady(cluster);
        Assert.Empty(load.Lost());
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Power_lost_everywhere_under_load_loses_nothing_acknowledged(int seed)
    {
        var cluster = Ready(seed);
        var load = new SimulatedLoad(cluster, writers: 6);
        load.Run(TimeSpan.FromMilliseconds(500 + (seed * 37)));
        foreach (var node in cluster.Nodes)
        {
            node.LosePower();
        }

        load.Run(TimeSpan.FromMilliseconds(100));
        cluster.StartAll();
        AwaitReady(cluster);
        load.Finish();
        Assert.Empty(load.Lost());
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void A_minority_refuses_what_is_linearizable_answers_stale_and_agrees_after_the_heal(int seed)
    {
        var cluster = Ready(seed);
        Put(cluster, 1, "a", "1");
        cluster.Run(TimeSpan.FromMilliseconds(500)); // Followers learn of the commit with the next heartbeat.
        var alone = 1 + (seed % 3);
        int[] others = [.. new[] { 1, 2, 3 }.Where(number => number != alone)];
        cluster.Partition([alone], others);
        cluster.Run(TimeSpan.FromSeconds(2));
        Put(cluster, others[0], "a", "2");
        var refused = cluster.Await(Read(cluster.Nodes[alone - 1], "a", ReadConsistency.Linearizable), Patience);
        Assert.Equal(ErrorCode.Unavailable, refused.Error?.Code);
        Assert.Contains("unreachable from here", refused.Error!.Message, StringComparison.Ordinal);
        var stale = cluster.Await(Read(cluster.Nodes[alone - 1], "a", ReadConsistency.Stale), Patience);
        Assert.Equal("1", stale.Reply?.Value.ToStringUtf8());
        cluster.Network.Heal();
        AwaitReady(cluster);
        Assert.All(cluster.Nodes, node => Assert.Equal("2", Get(cluster, node, "a")));
    }

    [Fact]
    public void The_same_seed_gives_the_same_run()
    {
        Assert.Equal(Trace(7), Trace(7));
        Assert.NotEqual(Trace(7), Trace(8));

        static string Trace(int seed)
        {
            var cluster = Ready(seed);
            var load = new SimulatedLoad(cluster, writers: 3);
            load.Run(TimeSpan.FromSeconds(1));
            cluster.Nodes[0].Kill();
            load.Run(TimeSpan.FromSeconds(1));
            return string.Create(CultureInfo.InvariantCulture, $"{load.Acknowledged} {load.Failed} {cluster.Diary}");
        }
    }

    private static SimulatedCluster Ready(int seed)
    {
        var cluster = new SimulatedCluster(seed, 3);
        cluster.StartAll();
        AwaitReady(cluster);
        return cluster;
    }

    private static void AwaitReady(SimulatedCluster cluster) => cluster.RunUntil(
        () => cluster.Nodes.All(node => node.Engine.View.NotReadyBecause is null),
        Patience,
        () => "all nodes ready; " + string.Join("; ", cluster.Nodes.Select(node => $"{node.Name}: {node.Fatal ?? "alive"} {(node.IsRunning ? node.Engine.View.NotReadyBecause : "dead")}")));

    private static void Put(SimulatedCluster cluster, int through, string key, string value)
    {
        var put = KvCommands.Put(Encoding.ASCII.GetBytes(key), Encoding.ASCII.GetBytes(value));
        var result = cluster.Await(cluster.Nodes[through - 1].Engine.KeyValue.ExecuteAsync(put, ReadConsistency.Linearizable, RequestIdentity.None, default), Patience);
        Assert.Equal(KvStatus.Ok, result.Reply?.Status);
    }

    private static string? Get(SimulatedCluster cluster, SimulatedNode node, string key) =>
        cluster.Await(Read(node, key, ReadConsistency.Linearizable), Patience).Reply?.Value.ToStringUtf8();

    private static ValueTask<KvResult> Read(SimulatedNode node, string key, ReadConsistency consistency) =>
        node.Engine.KeyValue.ExecuteAsync(KvCommands.Get(Encoding.ASCII.GetBytes(key)), consistency, RequestIdentity.None, default);
}
