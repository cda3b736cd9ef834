using Cluster.Engine.Hosting;
using Cluster.Shared.Http;
using static Cluster.Simulation.Tests.Clusters.ElasticStage;

namespace Cluster.Simulation.Tests.Clusters;

/// <summary>What is silent for long is built again elsewhere, as far as there is room, and never by a side that may be the one cut off; and it may come back.</summary>
public class ReplacementTests
{
    private static readonly TimeSpan After = TimeSpan.FromSeconds(5);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_dead_nodes_replicas_are_built_elsewhere_and_it_gets_others_when_it_is_back(int seed)
    {
        var (cluster, load) = Loaded(seed, nodes: 3, Soon);
        Join(cluster, load);
        var (dead, asked) = (cluster.Nodes[seed % 3], cluster.Nodes[3]);
        dead.LosePower();
        var from = cluster.Time.GetUtcNow();
        RunUntil(cluster, load, () => Placed(cluster), () => "every shard has three replicas again");
        Assert.True(cluster.Time.GetUtcNow() - from > After, "it was given no time to come back");
        Assert.Equal("up", StatusOf(cluster, asked, dead));
        RunUntil(cluster, load, () => ControlVotersOf(cluster) is { Length: 3 } voters && voters.All(voter => asked.Engine.View.Describe().Members.Single(member => member.Node == voter.Value).Reachable), () => "three vote that are there");

        cluster.Start((seed % 3) + 1);
        RunUntil(cluster, load, () => Ready(cluster) && Held(dead).Count > 0 && Placed(cluster), () => "it is back and has its share");
        load.Finish();
        Assert.Empty(load.Lost());
        Assert.Contains(cluster.Nodes.SelectMany(node => node.Engine.Events.Read(0)), told => told is { Kind: ClusterEventKind.MoveEnded, Move.Outcome: MoveOutcome.Done } && told.Move.To == dead.Name.ToString());
    }

    [Fact]
    public void Of_three_nodes_a_dead_one_keeps_its_place()
    {
        var (cluster, load) = Loaded(seed: 1, nodes: 3, Soon);
        cluster.Nodes[2].Kill();
        load.Run(After + TimeSpan.FromSeconds(5));
        Assert.Equal(4, cluster.Nodes[0].Engine.View.Describe().Members.Single(member => member.Name == "n3").ReplicaOf);
        Assert.Contains(cluster.Nodes[0].Engine.View.Diagnose().Findings, finding => finding is { Code: "member-unreachable", Severity: FindingSeverity.Warning, Subject: "n3" });
        cluster.Start(3);
        RunUntil(cluster, load, () => Ready(cluster) && Placed(cluster), () => "it is back in its place");
        load.Finish();
        Assert.Empty(load.Lost());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void The_smaller_side_of_a_cut_replaces_nobody_and_the_larger_one_serves_all_that_it_can(int seed)
    {
        var (cluster, load) = Loaded(seed, nodes: 5, Soon);
        var before = cluster.Nodes[4].Engine.View.Describe();
        cluster.Partition([1, 2, 3], [4, 5]);
        load.Among = [cluster.Nodes[0], cluster.Nodes[1], cluster.Nodes[2]];
        load.Run(After + TimeSpan.FromSeconds(5));
        var (larger, smaller) = (cluster.Nodes[0].Engine.View.Describe(), cluster.Nodes[4].Engine.View.Describe());
        Assert.Equal(before.Epoch, smaller.Epoch);
        Assert.True(larger.Epoch > before.Epoch, "the larger side replaced nobody");
        Assert.Contains(cluster.Nodes[4].Engine.View.Diagnose().Findings, finding => finding.Code == "control-plane-without-leader");
        cluster.Network.Heal();
        load.Among = null;
        RunUntil(cluster, load, () => Ready(cluster) && Placed(cluster), () => "all are together again");
        load.Finish();
        Assert.Empty(load.Lost());
    }

    private static EngineOptions Soon(EngineOptions options) => options with { Placement = options.Placement with { ReplaceAfter = After } };
}
