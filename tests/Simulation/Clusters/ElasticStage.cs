using System.Collections.Immutable;
using Cluster.Engine.Consensus;
using Cluster.Engine.Hosting;
using Cluster.Engine.Simulation;
using Cluster.Shared.Ids;

namespace Cluster.Simulation.Tests.Clusters;

/// <summary>What the claims about growing and shrinking share: a loaded cluster, nodes that come and go in good order, and when everything is where it belongs.</summary>
internal static class ElasticStage
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public static (SimulatedCluster Cluster, SimulatedLoad Load) Loaded(int seed, int nodes, Func<EngineOptions, EngineOptions>? tune = null)
    {
        // A short log, so that whoever comes needs a snapshot first.
        var cluster = new SimulatedCluster(seed, nodes, options => (tune ?? (same => same))(options with
        {
            Replication = options.Replication with { SnapshotAfterLogBytes = 12 * 1024, Raft = options.Replication.Raft with { KeepEntries = 32 } },
        }));
        cluster.StartAll();
        cluster.RunUntil(() => Ready(cluster), Patience, () => "all nodes are ready");
        var load = new SimulatedLoad(cluster, writers: 6);
        load.Run(TimeSpan.FromSeconds(1));
        return (cluster, load);
    }

    public static void Join(SimulatedCluster cluster, SimulatedLoad load)
    {
        var newcomer = cluster.Add([.. Running(cluster).Take(3).Select(node => node.Address)]);
        cluster.Start(cluster.Nodes.Count);
        load.Avoid = newcomer;
        RunUntil(cluster, load, () => Ready(cluster), () => $"{newcomer.Name} is ready");
        load.Avoid = null;
        RunUntil(cluster, load, () => Held(newcomer).Count > 0 && Placed(cluster), () => $"{newcomer.Name} has its share");
        load.Run(TimeSpan.FromMilliseconds(500));
    }

    /// <summary>A member leaves in good order: nothing is asked of it any more once it has nothing to give, and its process ends.</summary>
    public static void Leave(SimulatedCluster cluster, SimulatedLoad load, SimulatedNode leaver)
    {
        var other = Running(cluster).First(node => node != leaver);
        Assert.Null(cluster.Await(other.Engine.Administration.LeaveAsync(leaver.Name, default), Patience));
        RunUntil(cluster, load, () => StatusOf(cluster, other, leaver) == "exiting", () => $"{leaver.Name} holds nothing any more");
        Assert.Null(WhoCountsOn(cluster, leaver));
        load.Avoid = leaver;
        load.Run(TimeSpan.FromMilliseconds(300));
        leaver.Kill();
        load.Avoid = null;
        RunUntil(cluster, load, () => StatusOf(cluster, other, leaver) is null, () => $"{leaver.Name} is removed");
    }

    /// <summary>In words, a group that has the node in its configuration, by its newest leader; null when none has it. In the control plane it may still follow, without a vote.</summary>
    public static string? WhoCountsOn(SimulatedCluster cluster, SimulatedNode node)
    {
        var number = Running(cluster).Select(other => other.Engine.View.Describe().Members.FirstOrDefault(member => member.Name == node.Name.ToString())).FirstOrDefault(member => member is not null)?.Node;
        var leaders = Running(cluster).SelectMany(other => other.Engine.Replicas.All).Where(status => status is { Role: RaftRole.Leader, Serves: true })
            .GroupBy(status => status.Group).Select(group => group.MaxBy(status => status.Term)!);
        return leaders
            .Where(leader => leader.Group.IsControl ? leader.Configuration.Voters.Any(voter => voter.Value == number) : leader.Configuration.Contains(new NodeId(number ?? 0)))
            .Select(leader => $"{leader.Group} is {leader.Configuration}, with {node.Name} in it").FirstOrDefault();
    }

    public static void AssertNothingFailed(SimulatedCluster cluster, SimulatedLoad load)
    {
        load.Finish();
        Assert.True(load.Failed == 0, $"{load.Failed} of {load.Acknowledged} requests failed, the last one: {load.LastError}\n{cluster.Diary}");
        Assert.Empty(load.Lost());
    }

    /// <summary>Who votes in the control plane, as its leader has it.</summary>
    public static ImmutableArray<NodeId> ControlVotersOf(SimulatedCluster cluster) =>
        Running(cluster).Select(node => node.Engine.Replicas.Find(ShardId.Control)!).First(status => status is { Role: RaftRole.Leader, Serves: true }).Configuration.Voters;

    public static void AwaitPlaced(SimulatedCluster cluster) =>
        cluster.RunUntil(() => Ready(cluster) && Placed(cluster), Patience, () => "everything is where the table wants it: " + Placement(cluster));

    public static void RunUntil(SimulatedCluster cluster, SimulatedLoad load, Func<bool> condition, Func<string> what)
    {
        for (var end = cluster.Time.GetUtcNow() + Patience; !condition();)
        {
            Assert.True(cluster.Time.GetUtcNow() < end, $"not within {Patience.TotalSeconds} s: {what()}; {Placement(cluster)}\n{load.LastError}\n{cluster.Diary}");
            load.Run(TimeSpan.FromMilliseconds(20));
        }
    }

    public static IEnumerable<SimulatedNode> Running(SimulatedCluster cluster) => cluster.Nodes.Where(node => node.IsRunning);

    public static bool Ready(SimulatedCluster cluster) => Running(cluster).All(node => node.Engine.View.NotReadyBecause is null);

    public static List<ShardId> Held(SimulatedNode node) => [.. node.Engine.Replicas.All.Where(status => !status.Group.IsControl).Select(status => status.Group)];

    /// <summary>Each shard has as many replicas as there are nodes, at most three, all of them voters, on just the nodes that hold something of it.</summary>
    public static bool Placed(SimulatedCluster cluster)
    {
        var running = Running(cluster).ToArray();
        var shards = running[0].Engine.View.Describe().Shards.Count - 1;
        var held = running.SelectMany(node => node.Engine.Replicas.All).Where(status => !status.Group.IsControl).GroupBy(status => status.Group).ToArray();
        return held.Length == shards && held.All(shard =>
            shard.Count() == Math.Min(3, running.Length)
            && shard.All(status => status.Configuration.Voters.Length == shard.Count() && status.Configuration.Learners.IsEmpty));
    }

    public static string Placement(SimulatedCluster cluster) => string.Join("; ", Running(cluster).Select(node =>
        $"{node.Name} {node.Engine.View.NotReadyBecause}: {string.Join(", ", node.Engine.Replicas.All.Select(status => $"{status.Group} {status.Role} {status.Configuration}"))}"));

    public static string? StatusOf(SimulatedCluster cluster, SimulatedNode seenBy, SimulatedNode node) =>
        seenBy.Engine.View.Describe().Members.FirstOrDefault(member => member.Name == node.Name.ToString())?.Status;
}
