using Cluster.Modes.Storage;
using Cluster.Node.Resp;
using Cluster.Node.Tests.Support;
using Cluster.Shared.Slots;
using Google.Protobuf;

namespace Cluster.Node.Tests.Resp;

/// <summary>SCAN's promise: a key that is there all the time comes at least once, whatever else happens.</summary>
public sealed class ScanTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(1000)]
    public async Task Every_key_comes_and_the_scan_ends(int count)
    {
        await using var doors = await Doors.OpenAsync();
        await using var client = await doors.ConnectAsync();
        for (var i = 0; i < 100; i++)
        {
            await client.SendAsync("SET", $"key:{i:000}", "v");
        }

        var (keys, _) = await ScanAsync(client, client, count);
        Assert.Equal(100, keys.Distinct().Count());
        Assert.Equal(100, keys.Count);
    }

    [Fact]
    public async Task A_shard_that_stops_early_costs_calls_and_no_keys()
    {
        await using var doors = await Doors.OpenAsync();
        doors.Store.ScanBound = shard => (uint)shard + 1;
        await using var client = await doors.ConnectAsync();
        for (var i = 0; i < 50; i++)
        {
            await client.SendAsync("SET", $"key:{i:000}", "v");
        }

        var (keys, _) = await ScanAsync(client, client, 1000);
        Assert.Equal(50, keys.Distinct().Count());
        Assert.Equal(50, Keys("\"0\", " + await client.SendAsync("KEYS", "key:*")).Count());
    }

    [Fact]
    public async Task Keys_that_stay_come_though_others_go_and_arrive_between_calls()
    {
        await using var doors = await Doors.OpenAsync();
        await using var client = await doors.ConnectAsync();
        for (var i = 0; i < 60; i++)
        {
            await client.SendAsync("SET", $"key:{i:000}", "v");
        }

        var random = new Random(7);
        var (keys, _) = await ScanAsync(client, client, 3, async () =>
        {
            await client.SendAsync("DEL", $"key:{random.Next(30) * 2:000}");
            await client.SendAsync("SET", $"new:{random.Next(1000)}", "v");
        });
        for (var i = 1; i < 60; i += 2)
        {
            Assert.Contains($"key:{i:000}", keys);
        }
    }

    [Fact]
    public async Task A_scan_goes_on_at_another_node_and_leaves_nothing_out()
    {
        await using var one = await Doors.OpenAsync();
        await using var two = await Doors.OpenAsync();
        await using var first = await one.ConnectAsync();
        await using var second = await two.ConnectAsync();
        foreach (var client in new[] { first, second })
        {
            for (var i = 0; i < 40; i++)
            {
                await client.SendAsync("SET", $"key:{i:000}", "v");
            }
        }

        // The second node knows no place of the first one's: it begins the shard again, with a page large enough to get past it.
        var reply = await first.SendAsync("SCAN", "0", "COUNT", "3");
        var (rest, _) = await ScanAsync(second, second, 100, from: Cursor(reply));
        Assert.Equal(40, Keys(reply).Concat(rest).Distinct().Count());
    }

    [Fact]
    public void A_forgotten_place_is_the_shard_s_beginning_and_the_table_stays_bounded()
    {
        var cursors = new ScanCursors(new Random(1).NextInt64);
        var first = cursors.After(3, ByteString.CopyFromUtf8("a"));
        Assert.Equal((3, ByteString.CopyFromUtf8("a")), cursors.Find(first));
        for (var i = 0; i < 5000; i++)
        {
            cursors.After(1, ByteString.CopyFromUtf8("b" + i));
        }

        Assert.Equal((3, ByteString.Empty), cursors.Find(first));
        Assert.Equal((2, ByteString.Empty), cursors.Find(ScanCursors.StartOf(2)));
    }

    /// <summary>Clients that keep a cursor as a double, as those in JavaScript do, would ask with another one beyond that, for ever.</summary>
    [Theory]
    [InlineData(0L)]
    [InlineData(long.MaxValue)]
    public void Every_cursor_is_a_whole_number_of_a_double(long drawn)
    {
        const int Last = HashSlot.Count + StorageContract.LastDatabase; // As many shards as slots, and behind them a place for each storage mode.
        var cursors = new ScanCursors(() => drawn);
        foreach (var shard in new[] { 0, 1, HashSlot.Count - 1, HashSlot.Count + 1, Last })
        {
            var cursor = cursors.After(shard, ByteString.CopyFromUtf8("a"));
            Assert.InRange(cursor, 1UL, 1UL << 53);
            Assert.InRange(ScanCursors.StartOf(shard), 1UL, 1UL << 53);
            Assert.Equal((shard, ByteString.CopyFromUtf8("a")), cursors.Find(cursor));
            Assert.Equal((shard, ByteString.Empty), cursors.Find(ScanCursors.StartOf(shard)));
        }
    }

    [Theory]
    [InlineData("1")]
    [InlineData("12345")]
    [InlineData("9007199254740991")]
    [InlineData("18446744073709551615")]
    public async Task A_cursor_of_no_shard_is_refused_and_costs_nothing_else(string cursor)
    {
        await using var doors = await Doors.OpenAsync();
        await using var client = await doors.ConnectAsync();
        Assert.Equal("-ERR invalid cursor", await client.SendAsync("SCAN", cursor));
        Assert.Empty(doors.Store.Calls);
        Assert.Equal("[\"0\", []]", await client.SendAsync("SCAN", "0"));
    }

    [Fact]
    public async Task A_node_that_knows_no_shards_says_so()
    {
        await using var doors = await Doors.OpenAsync();
        doors.Store.ShardCount = 0;
        await using var client = await doors.ConnectAsync();
        foreach (var command in new[] { "SCAN 0", "KEYS *", "DBSIZE" })
        {
            Assert.Equal("-CLUSTERDOWN this node does not know the shards yet; ask /ready why", await client.SendAsync(command.Split(' ')));
        }
    }

    [Fact]
    public async Task Keys_too_long_together_for_one_reply_are_left_to_SCAN()
    {
        await using var doors = await Doors.OpenAsync(resp: new RespOptions { MaxReplyBytes = 1_000 });
        await using var client = await doors.ConnectAsync();
        for (var i = 0; i < 20; i++)
        {
            await client.SendAsync("SET", $"{i}{new string('k', 98)}", "v");
        }

        Assert.Equal("-ERR the keys that match have more than 1000 bytes together, the most that one reply has; use SCAN", await client.SendAsync("KEYS", "*"));
        Assert.Equal(10, Keys("\"0\", " + await client.SendAsync("KEYS", "1[0-9]k*")).Count());
    }

    private static async Task<(List<string> Keys, int Calls)> ScanAsync(RespClient client, RespClient other, int count, Func<Task>? between = null, string from = "0")
    {
        var keys = new List<string>();
        var cursor = from;
        var calls = 0;
        do
        {
            var reply = await (calls % 2 == 0 ? client : other).SendAsync("SCAN", cursor, "COUNT", count.ToString(System.Globalization.CultureInfo.InvariantCulture));
            cursor = Cursor(reply);
            keys.AddRange(Keys(reply));
            Assert.InRange(++calls, 1, 1000);
            if (between is not null)
            {
                await between();
            }
        }
        while (cursor != "0");

        return (keys, calls);
    }

    private static string Cursor(string reply) => reply.Split('"')[1];

    private static IEnumerable<string> Keys(string reply) => reply.Split('"').Where((_, index) => index % 2 == 1).Skip(1);
}
