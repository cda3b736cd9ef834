using Cluster.Engine.Simulation;
using Cluster.Shared.Http;
using Cluster.Shared.Ids;

namespace Cluster.Simulation.Tests.Clusters;

/// <summary>Nodes come and go under load: replicas move one at a time, no request fails for it, nothing is lost, and who gave a replica up keeps nothing of it.</summary>
public class ElasticTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

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

    private static (SimulatedCluster Cluster, SimulatedLoad Load) Loaded(int seed, int nodes)
    {
        // A short log, so that whoever comes needs a snapshot first.
        var cluster = new SimulatedCluster(seed, nodes, options => options with
        {
            Replication = options.Replication with { SnapshotAfterLogBytes = 12 * 1024, Raft = options.Replication.Raft with { KeepEntries = 32 } },
        });
        cluster.StartAll();
        cluster.RunUntil(() => Ready(cluster), Patience, () => "all nodes are ready");
        var load = new SimulatedLoad(cluster, writers: 6);
        load.Run(TimeSpan.FromSeconds(1));
        return (cluster, load);
    }

    private static void Join(SimulatedCluster cluster, SimulatedLoad load)
    {
        var newcomer = cluster.Add();
        cluster.Start(cluster.Nodes.Count);
        load.Avoid = newcomer;
        RunUntil(cluster, load, () => Ready(cluster), () => $"{newcomer.Name} is ready");
        load.Avoid = null;
        RunUntil(cluster, load, () => Held(newcomer).Count > 0 && Placed(cluster), () => $"{newcomer.Name} has its share");
        load.Run(TimeSpan.FromMilliseconds(500));
    }

    private static void AwaitPlaced(SimulatedCluster cluster) =>
        cluster.RunUntil(() => Ready(cluster) && Placed(cluster), Patience, () => "everything is where the table wants it: " + Placement(cluster));

    private static void RunUntil(SimulatedCluster cluster, SimulatedLoad load, Func<bool> condition, Func<string> what)
    {
        for (var end = cluster.Time.GetUtcNow() + Patience; !condition();)
        {
            Assert.True(cluster.Time.GetUtcNow() < end, $"not within {Patience.TotalSeconds} s: {what()}; {Placement(cluster)}\n{load.LastError}\n{cluster.Diary}");
            load.Run(TimeSpan.FromMilliseconds(20));
        }
    }

    private static IEnumerable<SimulatedNode> Running(SimulatedCluster cluster) => cluster.Nodes.Where(node => node.IsRunning);

    private static bool Ready(SimulatedCluster cluster) => Running(cluster).All(node => node.Engine.View.NotReadyBecause is null);

    private static List<ShardId> Held(SimulatedNode node) => [.. node.Engine.Replicas.All.Where(status => !status.Group.IsControl).Select(status => status.Group)];

    /// <summary>Each shard has as many replicas as there are nodes, at most three, all of them voters, on just the nodes that hold something of it.</summary>
    private static bool Placed(SimulatedCluster cluster)
    {
        var running = Running(cluster).ToArray();
        var held = running.SelectMany(node => node.Engine.Replicas.All).Where(status => !status.Group.IsControl).GroupBy(status => status.Group).ToArray();
        return held.Length == 4 && held.All(shard =>
            shard.Count() == Math.Min(3, running.Length)
            && shard.All(status => status.Configuration.Voters.Length == shard.Count() && status.Configuration.Learners.IsEmpty));
    }

    private static string Placement(SimulatedCluster cluster) => string.Join("; ", Running(cluster).Select(node =>
        $"{node.Name} {node.Engine.View.NotReadyBecause}: {string.Join(", ", node.Engine.Replicas.All.Select(status => $"{status.Group} {status.Role} {status.Configuration}"))}"));

    private static string? StatusOf(SimulatedCluster cluster, SimulatedNode seenBy, SimulatedNode node) =>
        seenBy.Engine.View.Describe().Members.FirstOrDefault(member => member.Name == node.Name.ToString())?.Status;
}
