using Cluster.Engine.Simulation;
using Cluster.Shared.Http;
using static Cluster.Simulation.Tests.Clusters.ElasticStage;

namespace Cluster.Simulation.Tests.Clusters;

/// <summary>Nodes come and go under load: replicas move one at a time, no request fails for it, nothing is lost, and who gave a replica up keeps nothing of it.</summary>
public class ElasticTests
{
    public static TheoryData<int> Seeds => [1, 2, 3];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Two_more_nodes_take_their_share_of_a_loaded_cluster_without_a_failed_request(int seed)
    {
        var (cluster, load) = Loaded(seed, nodes: 3);
        Join(cluster, load);
        Join(cluster, load);
        load.Finish();
        Assert.True(load.Failed == 0, $"{load.Failed} of {load.Acknowledged} requests failed, the last one: {load.LastError}\n{cluster.Diary}");
        Assert.All(cluster.Nodes, node => Assert.NotEmpty(Held(node)));
        Assert.Empty(load.Lost());
        AssertEveryMoveIsTold(cluster, cluster.Nodes[3], cluster.Nodes[4]);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void After_a_power_loss_everywhere_nobody_founds_a_shard_anew_that_it_once_gave_up(int seed)
    {
        var (cluster, load) = Loaded(seed, nodes: 3);
        Join(cluster, load);
        Join(cluster, load);
        load.Finish();
        foreach (var node in cluster.Nodes)
        {
            node.LosePower();
        }

        cluster.StartAll();
        AwaitPlaced(cluster);
        Assert.Empty(load.Lost());
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void A_member_that_leaves_hands_everything_over_without_a_failed_request(int seed)
    {
        var (cluster, load) = Loaded(seed, nodes: 3);
        Join(cluster, load);
        var leaver = cluster.Nodes[seed % 3];
        Assert.Null(cluster.Await(cluster.Nodes[3].Engine.Administration.LeaveAsync(leaver.Name, default), Patience));
        RunUntil(cluster, load, () => StatusOf(cluster, cluster.Nodes[3], leaver) == "exiting" && Held(leaver).Count == 0, () => $"{leaver.Name} holds nothing any more and may stop");
        load.Finish();
        Assert.True(load.Failed == 0, $"{load.Failed} of {load.Acknowledged} requests failed, the last one: {load.LastError}\n{cluster.Diary}");
        leaver.Kill();
        RunUntil(cluster, load, () => StatusOf(cluster, cluster.Nodes[3], leaver) is null, () => $"{leaver.Name} is removed");
        load.Finish();
        Assert.Empty(load.Lost());
        cluster.Start((seed % 3) + 1);
        cluster.RunUntil(() => leaver.Fatal is not null, Patience, () => "the removed node ends");
        Assert.Contains("removed", leaver.Fatal, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void What_a_dead_member_held_is_rebuilt_elsewhere_once_it_is_downed_and_it_never_comes_back(int seed)
    {
        var (cluster, load) = Loaded(seed, nodes: 3);
        Join(cluster, load);
        var dead = cluster.Nodes[seed % 3];
        dead.LosePower();
        RunUntil(cluster, load, () => Ready(cluster), () => "the others serve");
        Assert.Null(cluster.Await(cluster.Nodes[3].Engine.Administration.DownAsync(dead.Name, default), Patience));
        RunUntil(cluster, load, () => Placed(cluster), () => "every shard has three replicas again");
        RunUntil(cluster, load, () => StatusOf(cluster, cluster.Nodes[3], dead) is null, () => $"{dead.Name} is removed");
        load.Finish();
        Assert.Empty(load.Lost());
        cluster.Start((seed % 3) + 1);
        cluster.RunUntil(() => dead.Fatal is not null, Patience, () => "the removed node ends");
        Assert.Contains("removed", dead.Fatal, StringComparison.Ordinal);
        Assert.Empty(load.Lost());
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void One_node_grows_to_three_and_then_does_not_need_the_first(int seed)
    {
        var (cluster, load) = Loaded(seed, nodes: 1);
        Join(cluster, load);
        Join(cluster, load);
        load.Finish();
        Assert.True(load.Failed == 0, $"{load.Failed} of {load.Acknowledged} requests failed, the last one: {load.LastError}\n{cluster.Diary}");
        cluster.Nodes[0].LosePower();
        RunUntil(cluster, load, () => Ready(cluster), () => "the other two serve");
        load.Finish();
        Assert.Empty(load.Lost());
    }

    /// <summary>Each replica that a newcomer holds was told as a move that began and ended well, with the bytes that it took; and no move is left open.</summary>
    private static void AssertEveryMoveIsTold(SimulatedCluster cluster, params SimulatedNode[] newcomers)
    {
        var told = cluster.Nodes.SelectMany(node => node.Engine.Events.Read(0)).ToArray();
        var begun = told.Where(happened => happened.Kind == ClusterEventKind.MoveStarted).Select(happened => happened.Move!).ToArray();
        var ended = told.Where(happened => happened.Kind == ClusterEventKind.MoveEnded).Select(happened => happened.Move!).ToArray();
        Assert.Equal(begun.Length, ended.Length);
        foreach (var newcomer in newcomers)
        {
            Assert.All(Held(newcomer), shard => Assert.Contains(
                ended,
                move => move.Shard == shard.Value && move.To == newcomer.Name.ToString() && move is { Kind: MoveKind.AddReplica, Outcome: MoveOutcome.Done, Bytes: > 1000, Seconds: > 0 }));
            Assert.Contains(told, happened => happened is { Kind: ClusterEventKind.MemberChanged, Status: "up" } && happened.Member == newcomer.Name.ToString());
        }
    }
}
