using System.Globalization;
using Cluster.Modes.Hosting;
using Cluster.Modes.Sharded;

namespace Cluster.Simulation.Tests.Modes;

/// <summary>Shards are sent round the nodes while clients count up on their keys: no request fails, and no count is lost or doubled.</summary>
public class ShardMoveTests(ITestOutputHelper output)
{
    private const int Clients = 9;

    private static readonly TimeSpan Length = TimeSpan.FromSeconds(10);

    [Theory]
    [InlineData("range", 1)]
    [InlineData("range", 2)]
    [InlineData("hash", 3)]
    public void A_shard_that_moves_fails_no_request_and_loses_none(string table, int seed)
    {
        var stage = new ModeStage(ShardedMode.Mode, 80 + seed);
        var counts = new int[Clients];
        var open = new Task<ModeAnswer>?[Clients];
        var (answered, moves, orders) = (0, 0, 0);
        stage.Ask(1, "put", ("key", Key(0)), ("value", "0"), ("by", table));
        for (var end = stage.Cluster.Now + Length; stage.Cluster.Now < end; stage.Cluster.Run(TimeSpan.FromMilliseconds(2)))
        {
            for (var client = 0; client < Clients; client++)
            {
                if (open[client] is { IsCompleted: true } done)
                {
                    var answer = stage.Cluster.Await(new ValueTask<ModeAnswer>(done), TimeSpan.Zero);
                    Assert.True(answer.Json is not null, $"client {client} was refused after {answered} answers and {orders} orders: {answer.Error}");
                    (open[client], counts[client], answered) = (null, counts[client] + 1, answered + 1);
                }

                // Each counts up on a key of its own by compare-and-set: one that took effect twice, or not at all, ends the counting.
                (string, string)[] expected = counts[client] == 0 ? [] : [("expected", Text(counts[client]))];
                open[client] ??= client == 0
                    ? stage.AskAsync(1, "get", ("key", Key(1)), ("by", table))
                    : stage.AskAsync(1 + (client % 3), "cas", [("key", Key(client)), ("value", Text(counts[client] + 1)), .. expected, ("by", table)]);
            }

            if (answered > (orders + 1) * 1_500)
            {
                orders++;
                moves += Order(stage, table, orders) ? 1 : 0;
            }
        }

        var shards = stage.Ask(2, "shards", ("by", table));
        output.WriteLine($"{table}: {answered} answered, {moves} moves ordered; {shards}");
        Assert.True(moves >= 5, $"only {moves} moves of {orders} orders");
        Assert.True(shards.GetProperty("epoch").GetInt64() >= 2 * moves, "the moves did not come through");
        stage.Cluster.Run(TimeSpan.FromSeconds(6));
        for (var client = 1; client < Clients; client++)
        {
            var last = counts[client] + (open[client] is { IsCompleted: true, Result.Json: not null } ? 1 : 0);
            Assert.Equal(Text(last), stage.Ask(3, "get", ("key", Key(client)), ("by", table)).GetProperty("value").GetString());
        }
    }

    private static string Key(int client) => $"k{client}";

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    /// <summary>Moves some shard to the next node. An order that meets the balancer's own may be refused.</summary>
    private static bool Order(ModeStage stage, string table, int number)
    {
        var rows = stage.Ask(1, "shards", ("by", table)).GetProperty("shards").EnumerateArray().ToList();
        var row = rows[number % rows.Count];
        var owner = row.GetProperty("owner").GetString()![1] - '0';
        var answer = stage.Cluster.Await(new ValueTask<ModeAnswer>(stage.AskAsync(1, "move", ("shard", Text(row.GetProperty("shard").GetInt32())), ("to", $"n{(owner % 3) + 1}"), ("by", table))), Length);
        return answer.Json is not null;
    }
}
