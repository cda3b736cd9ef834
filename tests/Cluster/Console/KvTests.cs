using System.Text.Json;
using Cluster.Cluster.Tests.Harness;

namespace Cluster.Cluster.Tests.Console;

/// <summary>Keys by the console, on real nodes: of a storage mode, where Redis clients and HTTP find the same, and of the engine's own store.</summary>
[Collection(OneClusterGroup.Name)]
public sealed class KvTests(OneCluster shared)
{
    [Fact]
    public async Task A_key_of_a_mode_is_the_same_by_console_RESP_and_HTTP_at_every_node()
    {
        await using var cluster = await shared.WholeAsync();
        var key = cluster.NewPrefix() + "k";

        Assert.Contains(key, (await LabAsync(cluster, "--mode", "client-server", "put", key, "one", "--node", "n1")).Expect(0).Output, StringComparison.Ordinal);
        await using var redis = await cluster.ConnectAsync("n2");
        await redis.SendAsync(TestContext.Current.CancellationToken, "SELECT", "1");
        Assert.Equal("one", (await redis.SendAsync(TestContext.Current.CancellationToken, "GET", key)).Text);
        using var http = new HttpClient { BaseAddress = new Uri(cluster.Nodes.Node("n3").Http) };
        Assert.Equal("one", await http.GetStringAsync($"/modes/client-server/kv/{key}", TestContext.Current.CancellationToken));

        (await LabAsync(cluster, "--mode", "client-server", "cas", key, "one", "two")).Expect(0);
        Assert.Contains("another value stands", (await LabAsync(cluster, "--mode", "client-server", "cas", key, "one", "three")).Expect(1).Error, StringComparison.Ordinal);
        Assert.Equal("two", Json(await LabAsync(cluster, "--mode", "client-server", "get", key, "-o", "json")).GetProperty("value").GetString());
        Assert.Matches("(?m)^n1 .*the only one", (await LabAsync(cluster, "--mode", "client-server", "where", key)).Expect(0).Output);
        (await LabAsync(cluster, "--mode", "client-server", "delete", key)).Expect(0);
        Assert.Contains($"no key '{key}'", (await LabAsync(cluster, "--mode", "client-server", "get", key)).Expect(1).Error, StringComparison.Ordinal);
        Assert.Contains("it has get, put", (await LabAsync(cluster, "--mode", "client-server", "scan")).Expect(64).Error, StringComparison.Ordinal);
        Assert.Contains("takes no r", (await LabAsync(cluster, "--mode", "client-server", "get", key, "--r", "1")).Expect(64).Error, StringComparison.Ordinal);
        Assert.Contains("did you mean 'client-server'?", (await LabAsync(cluster, "--mode", "client-serve", "get", key)).Expect(64).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_mode_it_is_the_engines_own_store()
    {
        await using var cluster = await shared.WholeAsync();
        var prefix = cluster.NewPrefix();

        (await LabAsync(cluster, "put", prefix + "a", "one")).Expect(0);
        (await LabAsync(cluster, "cas", prefix + "b", "two")).Expect(0);
        Assert.Contains("nothing was written", (await LabAsync(cluster, "cas", prefix + "b", "two")).Expect(1).Error, StringComparison.Ordinal);
        Assert.Contains("one", (await LabAsync(cluster, "get", prefix + "a", "--consistency", "lease")).Expect(0).Output, StringComparison.Ordinal);
        var page = Json(await LabAsync(cluster, "scan", prefix, "-o", "json")).GetProperty("keys").EnumerateArray().Select(entry => entry.GetProperty("key").GetString());
        Assert.Equal([prefix + "a", prefix + "b"], page);
        Assert.Contains("hash slot", (await LabAsync(cluster, "where", prefix + "a")).Expect(0).Output, StringComparison.Ordinal);
        (await LabAsync(cluster, "delete", prefix + "a")).Expect(0);
        (await LabAsync(cluster, "delete", prefix + "a")).Expect(1);
        Assert.Contains("--mode", (await LabAsync(cluster, "put", prefix + "a", "one", "--w", "2")).Expect(64).Error, StringComparison.Ordinal);
    }

    /// <summary>Where only an address is known, the first node that answers tells of the others, and every verb finds them.</summary>
    [Fact]
    public async Task A_cluster_is_found_and_used_by_one_address()
    {
        await using var cluster = await shared.WholeAsync();
        var (key, at) = (cluster.NewPrefix() + "k", cluster.Nodes.Node("n2").Http);

        (await ConsoleProcess.LabAsync("/nonexistent", "kv", "put", key, "one", "--node", "n3", "--target", at)).Expect(0);
        Assert.Contains("one", (await ConsoleProcess.LabAsync("/nonexistent", "kv", "get", key, "--node", "n1", "--target", at)).Expect(0).Output, StringComparison.Ordinal);
        var status = (await ConsoleProcess.LabAsync("/nonexistent", "status", "--target", at)).Expect(0).Output;
        Assert.Contains(cluster.Nodes.Node("n1").Http, status, StringComparison.Ordinal);
        Assert.DoesNotContain("http://http", status, StringComparison.Ordinal);
        (await ConsoleProcess.LabAsync("/nonexistent", "mode", "lock", "--target", at)).Expect(0);
        Assert.DoesNotContain("http", (await ConsoleProcess.LabAsync("/nonexistent", "cluster", "doctor", "--target", at)).Output, StringComparison.Ordinal); // It finds no door that does not answer; what else it finds is of other tests.
        (await ConsoleProcess.LabAsync("/nonexistent", "saga", "list", "--target", at)).Expect(0);
    }

    /// <summary>1 is for what was understood: scripts that retry on it would retry a mistake for ever.</summary>
    [Fact]
    public async Task A_value_that_the_node_does_not_take_ends_with_64()
    {
        await using var cluster = await shared.WholeAsync();
        foreach (var (says, line) in new[]
        {
            ("lease=-5s is not a time", "mode lock acquire name=a session=s lease=-5s"), ("acquire needs session", "mode lock acquire name=a"), ("parameter 'nope'", "mode lock show name=a nope=1"),
            ("name is given twice", "mode lock show name=a name=b"), ("quantity=-1", "saga start --quantity -1"), ("r=9", "kv --mode quorum --r 9 get k"), ("consistency=nope", "kv --consistency nope get k"),
            ("there is no node 'nope'", "breaker trip nope"), ("the key '.'", "kv get ."), ("the key '..'", "kv put .. a"),
        })
        {
            Assert.Contains(says, (await ConsoleProcess.LabAsync(cluster.Nodes.Directory.Path, line.Split(' '))).Expect(64).Error, StringComparison.Ordinal);
        }

        (await LabAsync(cluster, "--mode", "client-server", "put", ".", "dot")).Expect(0); // In JSON it is a key like others.
        Assert.Contains("dot", (await LabAsync(cluster, "--mode", "client-server", "get", ".")).Expect(0).Output, StringComparison.Ordinal);
    }

    private static Task<ConsoleProcess> LabAsync(TestCluster cluster, params string[] arguments) => ConsoleProcess.LabAsync(cluster.Nodes.Directory.Path, ["kv", .. arguments]);

    private static JsonElement Json(ConsoleProcess printed)
    {
        using var document = JsonDocument.Parse(printed.Expect(0).Output);
        return document.RootElement.Clone();
    }
}
