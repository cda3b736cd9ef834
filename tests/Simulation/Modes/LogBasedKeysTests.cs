using Cluster.Modes.Hosting;
using Cluster.Modes.LogBased;
using Cluster.Shared.Results;

namespace Cluster.Simulation.Tests.Modes;

/// <summary>A topic as keys: what its view says, from the newest or from what is near, on a simulated cluster.</summary>
public class LogBasedKeysTests
{
    private readonly ModeStage stage = new(LogBasedMode.Mode, seed: 9);

    [Fact]
    public void What_was_acknowledged_at_one_node_is_read_at_every_other_at_once()
    {
        for (var i = 0; i < 30; i++)
        {
            stage.Ask((i % 3) + 1, "put", ("key", "k"), ("value", $"v{i}"));
            Assert.Equal($"v{i}", stage.Ask(((i + 1) % 3) + 1, "get", ("key", "k")).GetProperty("value").GetString());
        }

        stage.Ask(2, "delete", ("key", "k"));
        Assert.Null(stage.Ask(3, "get", ("key", "k")).GetProperty("value").GetString());
    }

    [Fact]
    public void The_keys_are_a_topic_that_can_be_fetched()
    {
        var version = stage.Ask(1, "put", ("key", "k"), ("value", "a")).GetProperty("version").GetString()!;
        stage.Ask(1, "delete", ("key", "k"));

        var partition = version.Split('/')[0];
        var records = stage.Ask(2, "fetch", ("topic", "kv"), ("partition", partition)).GetProperty("records");

        Assert.Equal(["a", null], records.EnumerateArray().Select(record => record.TryGetProperty("value", out var value) ? value.GetString() : null));
        Assert.Equal("compact", stage.Ask(3, "topic", ("topic", "kv")).GetProperty("cleanup").GetString());
    }

    [Theory]
    [InlineData("k", true)]
    [InlineData("k", false)]
    [InlineData(null, false)]
    public void A_key_goes_to_its_own_partition_or_nowhere(string? key, bool isItsOwn)
    {
        var own = int.Parse(stage.Ask(1, "put", ("key", "k"), ("value", "a")).GetProperty("version").GetString()!.Split('/')[0], System.Globalization.CultureInfo.InvariantCulture);
        var partition = ("partition", $"{(isItsOwn ? own : (own + 1) % 16)}");
        (string, string)[] record = key is null ? [("topic", "kv"), partition, ("value", "b")] : [("topic", "kv"), partition, ("key", key), ("value", "b")];

        if (isItsOwn)
        {
            stage.Ask(2, "append", record);
        }
        else
        {
            Assert.Equal(ErrorCode.BadRequest, Refusal(2, "append", record));
        }

        Assert.Equal(isItsOwn ? "b" : "a", stage.Ask(3, "get", ("key", "k")).GetProperty("value").GetString());
        Assert.Equal(1, stage.Ask(3, "scan", ("prefix", "k")).GetProperty("keys").GetArrayLength());
    }

    [Fact]
    public void The_topic_of_the_keys_is_made_in_one_way_whoever_makes_it()
    {
        Assert.Equal(ErrorCode.BadRequest, Refusal(1, "create", ("topic", "kv"), ("partitions", "2")));
        stage.Ask(1, "append", ("topic", "kv"), ("key", "k"), ("value", "a"));

        Assert.Equal("a", stage.Ask(2, "get", ("key", "k")).GetProperty("value").GetString());
    }

    [Fact]
    public void Without_a_majority_the_view_goes_on_answering_what_it_has_and_nothing_newer_is_claimed()
    {
        stage.Ask(1, "put", ("key", "k"), ("value", "a"));
        stage.Cluster.Run(TimeSpan.FromSeconds(1)); // Until the replica nearby has applied it.
        Assert.Equal("a", stage.Ask(1, "get", ("key", "k"), ("read", "local")).GetProperty("value").GetString());
        foreach (var other in stage.Cluster.Nodes.Skip(1).ToList())
        {
            other.Kill();
        }

        stage.Cluster.Run(TimeSpan.FromSeconds(3));

        var waits = stage.AskAsync(1, "get", ("key", "k"));
        Assert.Equal("a", stage.Ask(1, "get", ("key", "k"), ("read", "local")).GetProperty("value").GetString());
        Assert.Equal(ErrorCode.Unavailable, stage.Cluster.Await(new ValueTask<ModeAnswer>(waits), TimeSpan.FromSeconds(30)).Error?.Code);
    }

    [Fact]
    public void While_a_leader_is_away_only_so_many_wait_for_it_and_the_others_are_refused()
    {
        stage.Ask(1, "put", ("key", "k"), ("value", "a"));
        var asked = stage.Ask(1, "where", ("key", "k")).GetProperty("owner").GetString() == "n1" ? 2 : 1;
        stage.Ask(asked, "get", ("key", "k"));
        foreach (var other in stage.Cluster.Nodes.Where((_, place) => place != asked - 1).ToList())
        {
            other.Kill();
        }

        // At once, since a node that knows that it is cut off says so to each; and in turns, since the door has a bound of its own.
        var answers = new List<Task<ModeAnswer>>();
        while (answers.Count < TableActor.MaxWaiting + 500)
        {
            answers.AddRange(Enumerable.Range(0, 500).Select(_ => stage.AskAsync(asked, "get", ("key", "k"))));
            stage.Cluster.Run(TimeSpan.FromMilliseconds(10));
        }

        var refused = answers.Where(answer => answer.IsCompletedSuccessfully).Select(answer => stage.Cluster.Await(new ValueTask<ModeAnswer>(answer), TimeSpan.Zero).Error?.Code).ToList();
        Assert.NotEmpty(refused);
        Assert.All(refused, code => Assert.Equal(ErrorCode.Overloaded, code));
        Assert.InRange(answers.Count - refused.Count, TableActor.MaxWaiting, TableActor.MaxWaiting + 500); // And who was there first.
    }

    [Fact]
    public void A_scan_goes_through_the_views_of_all_partitions_page_by_page()
    {
        var keys = Enumerable.Range(0, 40).Select(i => $"p:{i:00}").ToList();
        foreach (var key in keys.Append("q").Append("o"))
        {
            stage.Ask(1, "put", ("key", key), ("value", key));
        }

        stage.Ask(1, "delete", ("key", keys[3]));
        keys.RemoveAt(3);
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
    public void The_x_ray_tells_the_partition_its_leader_and_how_far_each_view_is()
    {
        stage.Ask(1, "put", ("key", "k"), ("value", "a"));
        stage.Cluster.Run(TimeSpan.FromSeconds(1));
        var where = stage.Ask(2, "where", ("key", "k"));

        Assert.Matches("^n[123]$", where.GetProperty("owner").GetString());
        Assert.Equal(["current", "current", "current"], where.GetProperty("replicas").EnumerateArray().Select(replica => replica.GetProperty("state").GetString()));
    }

    private ErrorCode? Refusal(int node, string operation, params (string, string)[] arguments) =>
        stage.Cluster.Await(new ValueTask<ModeAnswer>(stage.AskAsync(node, operation, arguments)), TimeSpan.FromSeconds(30)).Error?.Code;
}
