using Cluster.Modes.Hosting;
using Cluster.Modes.SharedNothing;
using Cluster.Shared.KeyValue;
using Cluster.Shared.Results;
using Cluster.Shared.Wire;

namespace Cluster.Simulation.Tests.Modes;

/// <summary>The engine's own keys through the storage contract, on a simulated cluster.</summary>
public class SharedNothingKeysTests
{
    private readonly ModeStage stage = new(SharedNothingMode.Mode, seed: 4);

    [Fact]
    public void A_key_is_written_compared_and_taken_away_at_any_node()
    {
        stage.Ask(1, "put", ("key", "k"), ("value", "a"));
        stage.Ask(2, "cas", ("key", "k"), ("expected", "a"), ("value", "b"));
        Assert.Equal(ErrorCode.Conflict, Refusal(3, "cas", ("key", "k"), ("expected", "a"), ("value", "c")));
        Assert.Equal(ErrorCode.Conflict, Refusal(3, "cas", ("key", "k"), ("value", "c")));
        Assert.Equal("b", stage.Ask(3, "get", ("key", "k")).GetProperty("value").GetString());

        Assert.True(stage.Ask(1, "delete", ("key", "k")).GetProperty("replaced").GetBoolean());
        Assert.False(stage.Ask(2, "delete", ("key", "k")).GetProperty("replaced").GetBoolean());
        Assert.Null(stage.Ask(2, "get", ("key", "k"), ("consistency", "lease")).GetProperty("value").GetString());
    }

    [Fact]
    public void The_keys_are_those_of_database_0()
    {
        stage.Ask(1, "put", ("key", "k"), ("value", "a"));
        var store = stage.Cluster.Nodes[1].Engine.KeyValue;
        var read = stage.Cluster.Await(store.ExecuteAsync(KvCommands.Get("k"u8.ToArray()), ReadConsistency.Linearizable, RequestIdentity.None, CancellationToken.None), TimeSpan.FromSeconds(5));
        Assert.Equal("a", read.Reply!.Value.ToStringUtf8());

        byte[] binary = [0xFF, 0xFE];
        stage.Cluster.Await(store.ExecuteAsync(KvCommands.Put("k"u8.ToArray(), binary), ReadConsistency.Linearizable, RequestIdentity.None, CancellationToken.None), TimeSpan.FromSeconds(5));
        Assert.Equal(ErrorCode.BadRequest, Refusal(1, "get", ("key", "k")));
    }

    [Fact]
    public void A_scan_goes_through_all_keys_of_a_prefix_page_by_page_and_each_comes_once()
    {
        var keys = Enumerable.Range(0, 40).Select(i => $"p:{i:00}").ToList();
        foreach (var key in keys.Append("q").Append("o"))
        {
            stage.Ask(1, "put", ("key", key), ("value", key.ToUpperInvariant()));
        }

        var found = new List<string>();
        for (var more = true; more;)
        {
            var page = stage.Ask(2, "scan", [("prefix", "p:"), ("limit", "7"), .. found.Count == 0 ? [] : new[] { ("after", found[^1]) }]);
            found.AddRange(page.GetProperty("keys").EnumerateArray().Select(key => key.GetProperty("key").GetString()!));
            more = page.GetProperty("hasMore").GetBoolean();
        }

        Assert.Equal(keys, found);
    }

    [Fact]
    public void The_node_that_is_cut_off_answers_stale_reads_and_nothing_else()
    {
        stage.Ask(1, "put", ("key", "k"), ("value", "a"));
        stage.Cluster.Run(TimeSpan.FromSeconds(1));
        var others = stage.Cluster.Nodes.Skip(1).ToList();
        foreach (var other in others)
        {
            other.Kill();
        }

        stage.Cluster.Run(TimeSpan.FromSeconds(3));

        Assert.Equal("a", stage.Ask(1, "get", ("key", "k"), ("consistency", "stale")).GetProperty("value").GetString());
        Assert.Equal(ErrorCode.Unavailable, Refusal(1, "get", ("key", "k")));
        Assert.Equal(ErrorCode.Unavailable, Refusal(1, "get", ("key", "k"), ("consistency", "lease")));
    }

    [Fact]
    public void The_x_ray_tells_the_shard_its_leader_and_what_each_replica_has()
    {
        stage.Ask(1, "put", ("key", "k"), ("value", "a"));
        stage.Cluster.Run(TimeSpan.FromSeconds(1));
        var where = stage.Ask(2, "where", ("key", "k"));

        Assert.Matches("^n[123]$", where.GetProperty("owner").GetString());
        Assert.StartsWith("hash slot 7629, shard ", where.GetProperty("place").GetString(), StringComparison.Ordinal);
        Assert.Equal(["current", "current", "current"], where.GetProperty("replicas").EnumerateArray().Select(replica => replica.GetProperty("state").GetString()));
    }

    private ErrorCode? Refusal(int node, string operation, params (string, string)[] arguments) =>
        stage.Cluster.Await(new ValueTask<ModeAnswer>(stage.AskAsync(node, operation, arguments)), TimeSpan.FromSeconds(30)).Error?.Code;
}
