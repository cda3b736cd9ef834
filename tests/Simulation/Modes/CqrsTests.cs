using Cluster.Modes.Cqrs;
using Cluster.Modes.Hosting;
using Cluster.Shared.Results;

namespace Cluster.Simulation.Tests.Modes;

/// <summary>Commands and queries on a simulated cluster, by the door.</summary>
public class CqrsTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly ModeStage stage = new(CqrsMode.Mode, seed: 5);

    [Fact]
    public void A_query_with_a_commands_token_sees_the_command_at_any_node()
    {
        foreach (var (verb, status) in new[] { ("place", "placed"), ("pay", "paid"), ("ship", "shipped") })
        {
            var token = stage.Ask(1, "command", ("id", "o1"), ("verb", verb)).GetProperty("token").GetString()!;

            Assert.Equal(status, stage.Ask(2, "order", ("id", "o1"), ("token", token)).GetProperty("status").GetString());
        }
    }

    [Fact]
    public void Commands_go_on_while_a_projection_is_held_and_it_catches_up_afterwards()
    {
        stage.Ask(1, "pause", ("projection", "items"));
        stage.Cluster.Run(TimeSpan.FromSeconds(2));
        for (var i = 0; i < 5; i++)
        {
            stage.Ask(2, "command", ("id", $"o{i}"), ("verb", "place"), ("item", "tea"));
            var paid = stage.Ask(2, "command", ("id", $"o{i}"), ("verb", "pay"));
            stage.Ask(3, "order", ("id", $"o{i}"), ("token", paid.GetProperty("token").GetString()!));
        }

        Assert.Equal(10, stage.Ask(1, "view", ("projection", "items")).GetProperty("lag").GetInt32());
        stage.Ask(1, "resume", ("projection", "items"));
        AwaitLag("items", 0);
        Assert.Equal(5, stage.Ask(3, "view", ("projection", "items")).GetProperty("rows").GetProperty("tea").GetProperty("count").GetInt32());
    }

    [Fact]
    public void A_projection_is_rebuilt_beside_the_one_that_answers_and_is_equal_to_it()
    {
        for (var i = 0; i < 20; i++)
        {
            stage.Ask(1, "command", ("id", $"o{i}"), ("verb", "place"), ("customer", $"c{i % 3}"));
        }

        AwaitLag("customers", 0);
        var before = stage.Ask(1, "view", ("projection", "customers"));
        stage.Ask(1, "rebuild", ("projection", "customers"));
        for (var end = stage.Cluster.Now + Patience; stage.Ask(2, "view", ("projection", "customers")).GetProperty("generation").GetInt32() == 1;)
        {
            Assert.Equal(before.GetProperty("rows").GetRawText(), stage.Ask(2, "view", ("projection", "customers")).GetProperty("rows").GetRawText());
            Assert.True(stage.Cluster.Now < end, "it was never built");
            stage.Cluster.Run(TimeSpan.FromMilliseconds(100));
        }

        AwaitLag("customers", 0);
        Assert.Equal(before.GetProperty("rows").GetRawText(), stage.Ask(3, "view", ("projection", "customers")).GetProperty("rows").GetRawText());
    }

    [Fact]
    public void A_command_that_is_sent_again_is_obeyed_once()
    {
        stage.Ask(1, "command", ("id", "o1"), ("verb", "place"), ("command", "c1"));
        stage.Ask(2, "command", ("id", "o1"), ("verb", "pay"), ("command", "c2"));

        var again = stage.Ask(3, "command", ("id", "o1"), ("verb", "place"), ("command", "c1"));

        Assert.True(again.GetProperty("repeated").GetBoolean());
        Assert.Equal(1, again.GetProperty("version").GetInt32());
        Assert.Equal(2, stage.Ask(1, "history", ("id", "o1")).GetProperty("version").GetInt32());
    }

    [Theory]
    [InlineData(ErrorCode.Conflict, "order o1 is at version 1, not 0", "command", "id=o1", "verb=pay", "expect=0")]
    [InlineData(ErrorCode.Conflict, "order o1 is placed: one cannot ship it", "command", "id=o1", "verb=ship")]
    [InlineData(ErrorCode.Conflict, "there is no order o2 to pay", "command", "id=o2", "verb=pay")]
    [InlineData(ErrorCode.BadRequest, "tea is no token", "order", "id=o1", "token=tea")]
    [InlineData(ErrorCode.NotFound, "nothing has happened to order o2", "history", "id=o2")]
    public void What_cannot_be_is_refused_with_words_and_changes_nothing(ErrorCode code, string why, string operation, params string[] arguments)
    {
        stage.Ask(1, "command", ("id", "o1"), ("verb", "place"));

        var answer = stage.Cluster.Await(new ValueTask<ModeAnswer>(stage.AskAsync(1, operation, [.. arguments.Select(argument => (argument.Split('=')[0], argument.Split('=')[1]))])), Patience);

        Assert.Equal(code, answer.Error?.Code);
        Assert.StartsWith(why, answer.Error!.Message, StringComparison.Ordinal);
        Assert.Equal(1, stage.Ask(1, "history", ("id", "o1")).GetProperty("version").GetInt32());
    }

    private void AwaitLag(string projection, int lag)
    {
        for (var end = stage.Cluster.Now + Patience; stage.Ask(1, "view", ("projection", projection)).GetProperty("lag").GetInt32() != lag;)
        {
            Assert.True(stage.Cluster.Now < end, $"{projection} is still behind");
            stage.Cluster.Run(TimeSpan.FromMilliseconds(100));
        }
    }
}
