using System.Text.Json;
using Cluster.Modes.Quorum;
using Cluster.Simulation.Tests.Clusters;

namespace Cluster.Simulation.Tests.Modes;

/// <summary>The quorum mode on whole simulated nodes, of which some go for good: what was acknowledged stays.</summary>
public class QuorumMembersTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public void What_a_node_that_came_back_with_an_empty_disk_numbers_is_read_everywhere()
    {
        var stage = new ModeStage(QuorumMode.Mode, seed: 82);
        foreach (var key in new[] { "one", "two", "cart" })
        {
            stage.Ask(1, "put", ("key", key), ("value", "tea"), ("context", "none"));
        }

        var (first, other) = (stage.Cluster.Nodes[0], stage.Cluster.Nodes[1]);
        Assert.Null(stage.Cluster.Await(other.Engine.Administration.LeaveAsync(first.Name, default), Patience));
        stage.Cluster.RunUntil(() => ElasticStage.StatusOf(stage.Cluster, other, first) == "exiting", Patience, () => "n1 holds nothing any more");
        first.Wipe();
        stage.Cluster.RunUntil(() => ElasticStage.StatusOf(stage.Cluster, other, first) is null, Patience, () => "n1 is removed");
        stage.Cluster.Start(1);
        stage.Cluster.RunUntil(() => IsCurrent(stage, "cart", copies: 3), Patience, () => "n1 has the key again");

        var read = stage.Ask(1, "get", ("key", "cart"));
        stage.Ask(1, "put", ("key", "cart"), ("value", "tea and milk"), ("context", read.GetProperty("context").GetString()!));

        Assert.All([1, 2, 3], node => Assert.Equal("tea and milk", stage.Ask(node, "get", ("key", "cart")).GetProperty("value").GetString()));
    }

    [Fact]
    public void A_hint_for_a_node_that_is_declared_gone_becomes_a_copy()
    {
        var stage = new ModeStage(QuorumMode.Mode, seed: 83, nodes: 5);
        var preferred = Where(stage, 1, "a").GetProperty("replicas").EnumerateArray().Take(3).Select(replica => replica.GetProperty("node").GetString()!).ToList();
        var gone = stage.Cluster.Nodes.Last(node => preferred.Contains(node.Name.ToString()));
        gone.Kill();
        stage.Cluster.Run(TimeSpan.FromSeconds(8)); // The failure detector has noticed.
        stage.Ask(1, "put", ("key", "a"), ("value", "1"), ("sloppy", "yes"), ("w", "3"));
        Assert.Equal(1, Where(stage, 1, "a").GetProperty("hints").GetProperty(gone.Name.ToString()).GetInt32());

        Assert.Null(stage.Cluster.Await(stage.Cluster.Nodes[0].Engine.Administration.DownAsync(gone.Name, default), Patience));

        stage.Cluster.RunUntil(() => IsCurrent(stage, "a", copies: 3) && !Where(stage, 1, "a").TryGetProperty("hints", out _), Patience, () => $"three copies and no hint: {Where(stage, 1, "a")}");
    }

    private static JsonElement Where(ModeStage stage, int node, string key) => stage.Ask(node, "where", ("key", key));

    private static bool IsCurrent(ModeStage stage, string key, int copies) =>
        Where(stage, 2, key).GetProperty("replicas").EnumerateArray().Select(replica => replica.GetProperty("state").GetString()).ToList() is var states && states.Count == copies && states.TrueForAll(state => state == "current");
}
