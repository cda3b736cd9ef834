using System.Net;
using Cluster.Cluster.Tests.Harness;
using Cluster.Lab.Faults;
using Cluster.Shared.Slots;

namespace Cluster.Cluster.Tests.Partitions;

/// <summary>One node cut off, and it leads a shard: the majority goes on without it; it refuses what it cannot know and says what it last knew when asked for that.</summary>
[Collection(OneClusterGroup.Name)]
public class IsolatedLeaderTests(OneCluster one)
{
    [Fact]
    public async Task Majority_goes_on_and_the_isolated_leader_gives_no_stale_answer()
    {
        await using var cluster = await one.WholeAsync();
        var view = await Eventually.GetAsync(TimeSpan.FromSeconds(20), "every shard has a leader", () => cluster.ViewAsync("n1"), view => view.Shards.All(shard => shard.Leader is not null));
        var slot = HashSlot.Of("account"u8);
        var isolated = view.Shards.Single(shard => shard.Shard > 0 && slot >= shard.FirstSlot && slot <= shard.LastSlot).Leader!;
        var others = cluster.Nodes.NodeNames.Where(name => name != isolated).ToArray();
        await using var inside = await cluster.ConnectAsync(isolated);
        Assert.Equal("OK", (await inside.SendAsync(default, "SET", "account", "old")).Text);

        Assert.Empty(await cluster.Links.ChangeAsync(NodeGroups.Isolate(isolated, cluster.Nodes.NodeNames).CutPairs(), LinkChange.CutLink, default));
        await using var outside = await cluster.ConnectAsync(others[0]);
        await Eventually.TrueAsync(TimeSpan.FromSeconds(20), "the majority takes a new value", async () => (await outside.SendAsync(default, "SET", "account", "new")).Text == "OK");
        Assert.Equal("new", (await outside.SendAsync(default, "GET", "account")).Text);

        var refused = await inside.SendAsync(default, "GET", "account");
        Assert.True(refused.IsError, $"the isolated leader answered '{refused.Text}' where it cannot know");
        Assert.Equal("CLUSTERDOWN", refused.ErrorCode);
        Assert.Equal("old", await GetStaleAsync(cluster, isolated));

        Assert.Empty(await cluster.Links.HealAsync(default));
        await Eventually.GetAsync(TimeSpan.FromSeconds(20), "the healed node answers with the new value", async () => (await inside.SendAsync(default, "GET", "account")).Text, value => value == "new");
        await Eventually.GetAsync(TimeSpan.FromSeconds(20), "its own copy has caught up", () => GetStaleAsync(cluster, isolated), value => value == "new");
    }

    [Fact]
    public async Task Clients_of_both_sides_see_one_history()
    {
        await using var cluster = await one.WholeAsync();
        await using var load = new RecordedLoad(cluster);
        await load.ServeAsync(500);

        Assert.Empty(await cluster.Links.ChangeAsync(NodeGroups.Isolate("n1", cluster.Nodes.NodeNames).CutPairs(), LinkChange.CutLink, default));
        load.Note("isolate", "n1");
        await load.ServeAsync(500);
        Assert.Empty(await cluster.Links.HealAsync(default));
        load.Note("heal", "n1");
        await load.ServeAsync(500);

        await load.JudgeAsync();
    }

    private static async Task<string> GetStaleAsync(TestCluster cluster, string node)
    {
        using var http = new HttpClient { BaseAddress = new Uri(cluster.Nodes.Node(node).Http) };
        using var response = await http.GetAsync("/kv/account?consistency=stale", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
    }
}
