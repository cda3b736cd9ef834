using System.Text;
using Cluster.Engine.Flaws;
using Cluster.Engine.Simulation;
using Cluster.Engine.Simulation.Safety;
using Cluster.Shared.KeyValue;
using Cluster.Shared.Results;
using Cluster.Shared.Wire;

namespace Cluster.Simulation.Tests.Clusters;

/// <summary>Flaws outside consensus, planted by name in simulated nodes as in real ones: each breaks the promise that its line in the list says.</summary>
public class PlantedFlawTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public void A_dirty_read_on_a_cut_off_node_answers_with_an_old_value()
    {
        Assert.Equal("1", ReadWhileCutOff("dirty-read").Reply?.Value.ToStringUtf8());
        Assert.Equal(ErrorCode.Unavailable, ReadWhileCutOff().Error?.Code);
    }

    [Fact]
    public void Without_fsync_a_power_loss_loses_acknowledged_writes_or_leaves_a_log_that_cannot_be_trusted()
    {
        var found = 0;
        for (var seed = 1; seed <= 5; seed++)
        {
            var cluster = Ready(seed, "no-fsync");
            var load = new SimulatedLoad(cluster, writers: 6);
            load.Run(TimeSpan.FromMilliseconds(500));
            foreach (var node in cluster.Nodes)
            {
                node.LosePower();
            }

            cluster.StartAll();
            cluster.Run(TimeSpan.FromSeconds(5));
            found += cluster.Nodes.Any(node => node.Fatal is not null || node.Engine.View.NotReadyBecause is not null) || load.Lost().Count > 0 ? 1 : 0;
        }

        Assert.Equal(5, found);
    }

    private static KvResult ReadWhileCutOff(params string[] flaws)
    {
        var cluster = Ready(seed: 1, flaws);
        Put(cluster, "1");
        cluster.Run(TimeSpan.FromMilliseconds(500)); // Followers learn of the commit with the next heartbeat.
        cluster.Partition([3], [1, 2]);
        cluster.Run(TimeSpan.FromSeconds(2));
        Put(cluster, "2");
        return cluster.Await(cluster.Nodes[2].Engine.KeyValue.ExecuteAsync(KvCommands.Get("k"u8.ToArray()), ReadConsistency.Linearizable, RequestIdentity.None, default), Patience);
    }

    private static SimulatedCluster Ready(int seed, params string[] flaws)
    {
        var cluster = new SimulatedCluster(seed, 3, options => options with { Flaws = [.. FlawCatalog.All.Where(flaw => flaws.Contains(flaw.Name))] });

        // What clients and operators come to see is looked for here; the rules, which see it first, have tests of their own.
        cluster.Safety.Excused.UnionWith(Enum.GetValues<SafetyRule>());
        cluster.StartAll();
        cluster.RunUntil(() => cluster.Nodes.All(node => node.Engine.View.NotReadyBecause is null), Patience, () => "all nodes ready");
        return cluster;
    }

    private static void Put(SimulatedCluster cluster, string value)
    {
        var put = cluster.Nodes[0].Engine.KeyValue.ExecuteAsync(KvCommands.Put("k"u8.ToArray(), Encoding.ASCII.GetBytes(value)), ReadConsistency.Linearizable, RequestIdentity.None, default);
        Assert.Equal(KvStatus.Ok, cluster.Await(put, Patience).Reply?.Status);
    }
}
