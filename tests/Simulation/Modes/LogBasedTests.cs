using Cluster.Modes.Hosting;
using Cluster.Modes.LogBased;
using Cluster.Shared.Http;
using Cluster.Shared.Results;

namespace Cluster.Simulation.Tests.Modes;

/// <summary>The log's door on a simulated cluster: what clients are told, and what a killed node changes of it.</summary>
public class LogBasedTests
{
    private readonly ModeStage stage = new(LogBasedMode.Mode, seed: 7);

    [Fact]
    public void A_batch_that_is_sent_again_to_another_node_after_the_first_has_died_stands_there_once()
    {
        (string, string)[] batch = [("topic", "t"), ("partition", "0"), ("value", "a"), ("producer", "p"), ("sequence", "0")];
        stage.Ask(1, "append", batch);
        stage.Cluster.Nodes[0].Kill();

        var again = stage.Ask(2, "append", batch);

        Assert.True(again.GetProperty("duplicate").GetBoolean());
        Assert.Equal(1, stage.Ask(3, "fetch", ("topic", "t"), ("partition", "0")).GetProperty("records").GetArrayLength());
    }

    [Fact]
    public void A_reader_that_waits_is_answered_when_a_record_comes()
    {
        stage.Ask(1, "append", ("topic", "t"), ("partition", "0"), ("value", "a"));
        var waits = stage.AskAsync(2, "fetch", ("topic", "t"), ("partition", "0"), ("offset", "1"), ("wait", "4s"));
        stage.Cluster.Run(TimeSpan.FromSeconds(1));
        Assert.False(waits.IsCompleted);

        stage.Ask(3, "append", ("topic", "t"), ("partition", "0"), ("value", "b"));
        stage.Cluster.Run(TimeSpan.FromMilliseconds(200));

        Assert.True(waits.IsCompletedSuccessfully);
        Assert.Null(stage.Cluster.Await(new ValueTask<ModeAnswer>(waits), TimeSpan.Zero).Error);
    }

    [Fact]
    public void A_wait_is_over_in_time_also_where_each_look_takes_long()
    {
        var far = new ModeStage(LogBasedMode.Mode, seed: 11, nodes: 5); // Some of them have no replica of the partition.
        foreach (var number in Enumerable.Range(1, 5))
        {
            far.Ask(number, "fetch", ("topic", "t"), ("partition", "0"));
        }

        foreach (var node in far.Cluster.Nodes)
        {
            node.Engine.Faults.Set([.. far.Cluster.Nodes.Where(other => other != node).Select(other => new LinkFaultView(other.Name.ToString(), DelayMs: 30))]);
        }

        var waits = Enumerable.Range(1, 5).Select(number => far.AskAsync(number, "fetch", ("topic", "t"), ("partition", "0"), ("wait", "2s"))).ToList();
        far.Cluster.Run(TimeSpan.FromSeconds(1.9));
        Assert.DoesNotContain(waits, wait => wait.IsCompleted);
        far.Cluster.Run(TimeSpan.FromSeconds(0.3));

        Assert.All(waits, wait => Assert.True(wait.IsCompletedSuccessfully));
        Assert.All(waits, wait => Assert.Null(far.Cluster.Await(new ValueTask<ModeAnswer>(wait), TimeSpan.Zero).Error));
    }

    [Fact]
    public void A_table_that_was_rebuilt_on_another_node_is_the_one_that_lived_on()
    {
        for (var i = 0; i < 20; i++)
        {
            stage.Ask(1, "append", ("topic", "t"), ("partition", "0"), ("key", $"k{i % 3}"), ("value", $"{i}"));
            stage.Ask(1, "table", ("topic", "t"), ("partition", "0"));
        }

        var lived = stage.Ask(1, "table", ("topic", "t"), ("partition", "0"));
        var rebuilt = stage.Ask(2, "table", ("topic", "t"), ("partition", "0"));

        Assert.Equal(0, lived.GetProperty("replayed").GetInt32());
        Assert.Equal(20, rebuilt.GetProperty("replayed").GetInt32());
        Assert.Equal(lived.GetProperty("table").GetRawText(), rebuilt.GetProperty("table").GetRawText());
    }

    [Theory]
    [InlineData(ErrorCode.Conflict, "offset out of range", "fetch", "topic=t", "partition=0", "offset=7")]
    [InlineData(ErrorCode.BadRequest, "t has partitions 0 to 3", "fetch", "topic=t", "partition=4")]
    [InlineData(ErrorCode.BadRequest, "t has partitions 0 to 3", "table", "topic=t", "partition=4")]
    [InlineData(ErrorCode.BadRequest, "a topic's name has no slash", "append", "topic=a/b", "value=x")]
    [InlineData(ErrorCode.BadRequest, "a compacted topic keeps no fewer than 131072 bytes", "create", "topic=t", "cleanup=compact", "retention-bytes=50000")]
    [InlineData(ErrorCode.BadRequest, "an append needs a value", "append", "topic=t")]
    [InlineData(ErrorCode.BadRequest, "records are no JSON", "append", "topic=t", "records=[")]
    [InlineData(ErrorCode.Conflict, "producer p sends 3", "append", "topic=t", "partition=0", "value=x", "producer=p", "sequence=3")]
    [InlineData(ErrorCode.Conflict, "m is no member", "heartbeat", "topic=t", "group=g", "member=m")]
    [InlineData(ErrorCode.Conflict, "group g has nobody", "commit", "topic=t", "partition=0", "group=g", "generation=1", "member=m", "offset=0")]
    [InlineData(ErrorCode.Conflict, "group g has nobody", "process", "topic={t}.in", "partition=0", "group=g", "generation=1", "member=m", "expect=0", "to=0", "output={t}.out", "records=[\"x\"]")]
    public void What_cannot_be_is_refused_with_words_and_changes_nothing(ErrorCode code, string why, string operation, params string[] arguments)
    {
        var answer = stage.Cluster.Await(new ValueTask<ModeAnswer>(stage.AskAsync(1, operation, [.. arguments.Select(argument => (argument.Split('=')[0], argument.Split('=')[1]))])), TimeSpan.FromSeconds(30));

        Assert.Equal(code, answer.Error?.Code);
        Assert.StartsWith(why, answer.Error!.Message, StringComparison.Ordinal);
        Assert.All(stage.Ask(1, "topic", ("topic", "t")).GetProperty("logs").EnumerateArray(), log => Assert.Equal(0, log.GetProperty("end").GetInt32()));
    }

    [Fact]
    public void A_claim_that_the_group_knows_nothing_of_is_refused_and_locks_nobody_out()
    {
        var share = stage.Ask(1, "join", ("topic", "t"), ("group", "g"), ("member", "m"), ("session", "60s"));
        var generation = share.GetProperty("generation").GetInt64();
        Assert.Equal(ErrorCode.Conflict, Refusal("claim", ("topic", "t"), ("partition", "0"), ("group", "g"), ("generation", "9007199254740992"), ("member", "m")));
        Assert.Equal(ErrorCode.Conflict, Refusal("claim", ("topic", "t"), ("partition", "0"), ("group", "g"), ("generation", $"{generation}"), ("member", "stranger")));
        Assert.Equal(ErrorCode.Conflict, Refusal("claim", ("topic", "t"), ("partition", "0"), ("group", "nobodys"), ("generation", "1"), ("member", "m")));
        stage.Ask(2, "join", ("topic", "t"), ("group", "g"), ("member", "n"), ("session", "60s"));

        var now = stage.Ask(1, "heartbeat", ("topic", "t"), ("group", "g"), ("member", "m"));
        var (mine, newest) = (now.GetProperty("partitions")[0].GetInt32(), now.GetProperty("generation").GetInt64());
        Assert.Equal(ErrorCode.Conflict, Refusal("claim", ("topic", "t"), ("partition", $"{mine}"), ("group", "g"), ("generation", $"{newest}"), ("member", "n")));
        Assert.Equal(ErrorCode.Conflict, Refusal("claim", ("topic", "t"), ("partition", $"{mine}"), ("group", "g"), ("generation", $"{generation}"), ("member", "m")));
        Assert.Equal(0, stage.Ask(3, "claim", ("topic", "t"), ("partition", $"{mine}"), ("group", "g"), ("generation", $"{newest}"), ("member", "m")).GetProperty("offset").GetInt32());
    }

    [Fact]
    public void What_retention_took_before_a_group_came_there_stands_in_its_description()
    {
        stage.Ask(1, "create", ("topic", "r"), ("partitions", "1"), ("retention-bytes", "1000"));
        stage.Ask(1, "append", ("topic", "r"), ("partition", "0"), ("value", "a"));
        var generation = stage.Ask(1, "join", ("topic", "r"), ("group", "g"), ("member", "m"), ("session", "60s")).GetProperty("generation").GetInt64();
        stage.Ask(1, "claim", ("topic", "r"), ("partition", "0"), ("group", "g"), ("generation", $"{generation}"), ("member", "m"));
        for (var i = 0; i < 9; i++)
        {
            stage.Ask(1, "append", ("topic", "r"), ("partition", "0"), ("value", new string('x', 400)));
        }

        stage.Cluster.Run(TimeSpan.FromSeconds(2));
        var (start, position) = (stage.Ask(1, "topic", ("topic", "r")).GetProperty("logs")[0].GetProperty("start").GetInt64(), stage.Ask(2, "group", ("topic", "r"), ("group", "g")).GetProperty("positions")[0]);

        Assert.True(start > 0, "retention never was there");
        Assert.Equal((0, start, 10 - start), (position.GetProperty("offset").GetInt64(), position.GetProperty("missed").GetInt64(), position.GetProperty("lag").GetInt64()));
    }

    [Fact]
    public void A_group_is_forgotten_when_nobody_is_in_it_and_not_before()
    {
        stage.Ask(1, "append", ("topic", "t"), ("partition", "0"), ("value", "a"));
        var generation = stage.Ask(1, "join", ("topic", "t"), ("group", "g"), ("member", "m"), ("session", "1s")).GetProperty("generation").GetInt64();
        stage.Ask(1, "claim", ("topic", "t"), ("partition", "0"), ("group", "g"), ("generation", $"{generation}"), ("member", "m"));
        Assert.Equal(ErrorCode.Conflict, Refusal("forget-group", ("topic", "t"), ("group", "g")));

        stage.Cluster.Run(TimeSpan.FromSeconds(2)); // The session is over, and nobody has said so.
        stage.Ask(2, "forget-group", ("topic", "t"), ("group", "g"));

        Assert.False(stage.Ask(3, "group", ("topic", "t"), ("group", "g")).GetProperty("positions")[0].TryGetProperty("offset", out _));
    }

    [Fact]
    public void An_output_in_another_shard_is_refused_with_the_rule()
    {
        var answers = Enumerable.Range(0, 20).Select(number => stage.Cluster.Await(
            new ValueTask<ModeAnswer>(stage.AskAsync(1, "process", ("topic", "t"), ("partition", "0"), ("group", "g"), ("generation", "1"), ("member", "m"), ("expect", "0"), ("to", "0"), ("output", $"out{number}"), ("records", "[\"x\"]"))),
            TimeSpan.FromSeconds(30)));

        Assert.Contains(answers, answer => answer.Error is { Code: ErrorCode.BadRequest } error && error.Message.Contains("give their topics one hash tag", StringComparison.Ordinal));
    }

    private ErrorCode? Refusal(string operation, params (string, string)[] arguments) =>
        stage.Cluster.Await(new ValueTask<ModeAnswer>(stage.AskAsync(1, operation, arguments)), TimeSpan.FromSeconds(30)).Error?.Code;
}
