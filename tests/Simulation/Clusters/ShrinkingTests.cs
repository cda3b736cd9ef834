using Cluster.Engine.Simulation;
using Cluster.Lab.Checkers;
using Cluster.Lab.Histories;
using Cluster.Shared.Results;
using static Cluster.Simulation.Tests.Clusters.ElasticStage;

namespace Cluster.Simulation.Tests.Clusters;

/// <summary>From few nodes to many and back, whoever goes: the first ones too. No request fails for it.</summary>
public class ShrinkingTests
{
    [Fact]
    public void Twenty_nodes_join_and_leave_one_after_another_without_a_failed_request()
    {
        var (cluster, load) = Loaded(seed: 5, nodes: 5);
        var recorded = new RecordingClients(cluster, count: 2) { MayAsk = node => node != load.Avoid };
        load.EachTurn = recorded.Turn;
        for (var round = 0; round < 10; round++)
        {
            Join(cluster, load);
            Leave(cluster, load, cluster.Nodes[round]);
        }

        cluster.RunUntil(recorded.AllEnded, Patience, () => "the last calls to end");
        AssertNothingFailed(cluster, load);
        Assert.Equal(5, cluster.Nodes.Count(node => node.IsRunning));
        Assert.True(recorded.Failed == 0, $"{recorded.Failed} of {recorded.Acknowledged} recorded requests failed");
        var judged = new LinearizabilityChecker(KeyValueModel.Kv, CheckLimits.Default, TimeProvider.System).Check(new History(recorded.History, []));
        Assert.True(judged.Verdict == Verdict.Holds, judged.Summary);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void One_node_grows_to_three_and_the_last_to_come_is_left_with_everything(int seed)
    {
        var (cluster, load) = Loaded(seed, nodes: 1);
        Join(cluster, load);
        Join(cluster, load);
        Assert.Equal(3, ControlVotersOf(cluster).Length);
        Leave(cluster, load, cluster.Nodes[0]);
        Assert.Equal(2, ControlVotersOf(cluster).Length);
        Leave(cluster, load, cluster.Nodes[1]);
        AssertNothingFailed(cluster, load);
        Assert.Equal(4, Held(cluster.Nodes[2]).Count);
        Assert.Single(ControlVotersOf(cluster));
        var refused = cluster.Await(cluster.Nodes[2].Engine.Administration.LeaveAsync(cluster.Nodes[2].Name, default), Patience);
        Assert.Contains("only member", refused?.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Two_of_three_that_leave_at_once_cost_no_majority(int seed)
    {
        var (cluster, load) = Loaded(seed, nodes: 3);
        var stays = cluster.Nodes[seed % 3];
        SimulatedNode[] leavers = [.. cluster.Nodes.Where(node => node != stays)];
        var asked = leavers.Select(leaver => stays.Engine.Administration.LeaveAsync(leaver.Name, default).AsTask()).ToArray();
        RunUntil(cluster, load, () => asked.All(answer => answer.IsCompleted), () => "both leaves are decided");
        Assert.All(asked, answer => Assert.Null(answer.GetAwaiter().GetResult()));
        RunUntil(cluster, load, () => leavers.All(leaver => StatusOf(cluster, stays, leaver) == "exiting"), () => "both hold nothing any more");
        load.Finish();
        Array.ForEach(leavers, leaver => leaver.Kill());
        RunUntil(cluster, load, () => leavers.All(leaver => StatusOf(cluster, stays, leaver) is null), () => "both are removed");
        AssertNothingFailed(cluster, load);
    }

    [Fact]
    public void A_leave_that_would_leave_too_few_is_refused_and_goes_when_the_lost_one_is_back()
    {
        var (cluster, load) = Loaded(seed: 1, nodes: 3);
        cluster.Nodes[2].Kill();
        RunUntil(cluster, load, () => !IsHeard(cluster, "n3"), () => "the loss is seen");
        var refused = cluster.Await(cluster.Nodes[0].Engine.Administration.LeaveAsync(cluster.Nodes[1].Name, default), Patience);
        Assert.Equal(ErrorCode.Conflict, refused?.Code);
        Assert.Contains("n3 cannot be reached", refused?.Message, StringComparison.Ordinal);
        cluster.Start(3);
        RunUntil(cluster, load, () => Ready(cluster) && IsHeard(cluster, "n3"), () => "it is back");
        Leave(cluster, load, cluster.Nodes[1]);
        load.Finish();
        Assert.Empty(load.Lost());
    }

    [Fact]
    public void Twenty_five_nodes_go_on_without_their_seeds_also_after_a_power_loss_and_take_newcomers_through_others()
    {
        var (cluster, load) = Loaded(seed: 3, nodes: 3, options => options with { Shards = 8 });
        while (cluster.Nodes.Count < 25)
        {
            cluster.Add();
            cluster.Start(cluster.Nodes.Count);
        }

        load.Among = [cluster.Nodes[0], cluster.Nodes[1], cluster.Nodes[2]];
        RunUntil(cluster, load, () => Ready(cluster) && Placed(cluster) && ControlVotersOf(cluster).Length == 5, () => "all are in their places");
        load.Among = null;
        for (var first = 0; first < 3; first++)
        {
            Leave(cluster, load, cluster.Nodes[first]);
        }

        RunUntil(cluster, load, () => ControlVotersOf(cluster).Length == 5, () => "five vote again");
        AssertNothingFailed(cluster, load);
        foreach (var node in cluster.Nodes.Where(node => node.IsRunning))
        {
            node.LosePower();
        }

        for (var number = 4; number <= 25; number++)
        {
            cluster.Start(number);
        }

        AwaitPlaced(cluster);
        Assert.Empty(load.Lost());
        Assert.Contains(cluster.Nodes[9].Engine.View.Diagnose().Findings, finding => finding.Code == "seeds-gone");

        // Its seeds are members that were none of the first ones.
        var newcomer = cluster.Add([cluster.Nodes[6].Address, cluster.Nodes[7].Address]);
        cluster.Start(26);
        cluster.RunUntil(() => newcomer.Engine.View.NotReadyBecause is null, Patience, () => "the newcomer is ready: " + newcomer.Engine.View.NotReadyBecause);
        Assert.Equal(cluster.Nodes[9].Engine.View.Describe().ClusterId, newcomer.Engine.View.Describe().ClusterId);
    }

    private static bool IsHeard(SimulatedCluster cluster, string name) => cluster.Nodes[0].Engine.View.Describe().Members.Single(member => member.Name == name).Reachable;
}
