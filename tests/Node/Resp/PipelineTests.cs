using System.Text;
using Cluster.Node.Resp;
using Cluster.Node.Resp.Protocol;
using Cluster.Node.Tests.Support;
using Cluster.Shared.Results;
using Cluster.Shared.Wire;

namespace Cluster.Node.Tests.Resp;

/// <summary>Commands of one connection under way at once: order of replies, order of effects, bounds.</summary>
public sealed class PipelineTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task A_pipeline_cut_at_every_byte_gets_the_same_replies()
    {
        await using var doors = await Doors.OpenAsync();
        byte[] pipeline =
        [
            .. RespClient.Encode("SET", "k", "v\r\nw"), .. "PING\r\n"u8, .. RespClient.Encode("GET", "k"), .. "*0\r\n"u8, .. "\r\n"u8, .. RespClient.Encode("MGET", "k", "x"),
            .. "set \"a b\" 'c\\'d'\r\n"u8, .. RespClient.Encode("GET", "a b"), .. RespClient.Encode("ECHO", ""),
        ];
        string[] expected = ["+OK", "+PONG", "\"v\r\nw\"", "[\"v\r\nw\", nil]", "+OK", "\"c'd\"", "\"\""];
        await using var client = await doors.ConnectAsync();
        for (var cut = 0; cut <= pipeline.Length; cut++)
        {
            await client.SendRawAsync(pipeline.AsMemory(0, cut));
            await client.SendRawAsync(pipeline.AsMemory(cut));
            foreach (var reply in expected)
            {
                Assert.Equal(reply, await client.ReadAsync());
            }
        }
    }

    [Fact]
    public async Task A_pipeline_sent_byte_by_byte_gets_the_same_replies()
    {
        await using var doors = await Doors.OpenAsync();
        await using var client = await doors.ConnectAsync();
        foreach (var single in RespClient.Encode("SET", "k", "v").Concat(RespClient.Encode("GET", "k")))
        {
            await client.SendRawAsync(new[] { single });
        }

        Assert.Equal("+OK", await client.ReadAsync());
        Assert.Equal("\"v\"", await client.ReadAsync());
    }

    [Fact]
    public async Task Replies_keep_their_order_when_the_store_answers_in_another()
    {
        await using var doors = await Doors.OpenAsync();
        var held = new Dictionary<string, TaskCompletionSource<ClusterError?>>();
        foreach (var key in new[] { "a", "b", "c" })
        {
            held[key] = new TaskCompletionSource<ClusterError?>(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        doors.Store.Before = command => held[command.Key.ToStringUtf8()].Task;
        await using var client = await doors.ConnectAsync();
        await client.SendRawAsync("SET a 1\r\nPING\r\nINCR b\r\nAPPEND c xyz\r\n");
        await UntilAsync(() => doors.Store.Calls.Count == 3, "different keys run side by side");
        held["c"].SetResult(null);
        held["b"].SetResult(null);
        held["a"].SetResult(null);
        Assert.Equal(["+OK", "+PONG", ":1", ":3"], [await client.ReadAsync(), await client.ReadAsync(), await client.ReadAsync(), await client.ReadAsync()]);
    }

    [Fact]
    public async Task Two_commands_on_one_key_take_effect_in_order_however_slow_the_first_is()
    {
        await using var doors = await Doors.OpenAsync();
        var first = new TaskCompletionSource<ClusterError?>(TaskCreationOptions.RunContinuationsAsynchronously);
        doors.Store.Before = command => command.Value.ToStringUtf8() == "1" ? first.Task : Task.FromResult<ClusterError?>(null);
        await using var client = await doors.ConnectAsync();
        await client.SendRawAsync("SET a 1\r\nSET a 2\r\nGET a\r\nSET b 3\r\n");
        await UntilAsync(() => doors.Store.Calls.Count >= 1, "the first has started");
        await using var other = await doors.ConnectAsync();
        Assert.Equal("nil", await other.SendAsync("GET", "a"));
        Assert.DoesNotContain(doors.Store.Calls, call => call.Value.ToStringUtf8() == "2");
        first.SetResult(null);
        Assert.Equal(["+OK", "+OK", "\"2\"", "+OK"], [await client.ReadAsync(), await client.ReadAsync(), await client.ReadAsync(), await client.ReadAsync()]);
        Assert.Equal("\"2\"", await other.SendAsync("GET", "a"));
    }

    [Fact]
    public async Task A_command_over_many_keys_sees_what_was_sent_before_it_and_not_what_was_sent_after()
    {
        await using var doors = await Doors.OpenAsync();
        var first = new TaskCompletionSource<ClusterError?>(TaskCreationOptions.RunContinuationsAsynchronously);
        doors.Store.Before = command => command.Value.ToStringUtf8() == "1" ? first.Task : Task.FromResult<ClusterError?>(null);
        await using var client = await doors.ConnectAsync();
        await client.SendRawAsync("SET a 1\r\nMGET a b\r\nDBSIZE\r\nSET b 2\r\n");
        await UntilAsync(() => doors.Store.Calls.Count == 1, "the first has started");
        first.SetResult(null);
        Assert.Equal(["+OK", "[\"1\", nil]", ":1", "+OK"], [await client.ReadAsync(), await client.ReadAsync(), await client.ReadAsync(), await client.ReadAsync()]);
    }

    [Fact]
    public async Task No_more_commands_are_under_way_than_the_bound_and_none_is_lost()
    {
        const int Bound = 8;
        await using var doors = await Doors.OpenAsync(resp: new RespOptions { MaxOutstandingCommands = Bound });
        var underWay = 0;
        var most = 0;
        doors.Store.Before = async _ =>
        {
            var now = Interlocked.Increment(ref underWay);
            lock (doors)
            {
                most = Math.Max(most, now);
            }

            await Task.Yield();
            Interlocked.Decrement(ref underWay);
            return null;
        };
        await using var client = await doors.ConnectAsync();
        var pipeline = new StringBuilder();
        for (var i = 0; i < 2000; i++)
        {
            pipeline.Append("INCR k").Append(i % 100).Append("\r\n");
        }

        await client.SendRawAsync(pipeline.ToString());
        for (var i = 0; i < 2000; i++)
        {
            Assert.Equal($":{(i / 100) + 1}", await client.ReadAsync());
        }

        Assert.InRange(most, 1, Bound);
    }

    [Fact]
    public async Task Large_values_under_way_are_bounded_by_bytes_and_one_always_fits()
    {
        await using var doors = await Doors.OpenAsync(resp: new RespOptions { MaxOutstandingBytes = 100_000 });
        await using var client = await doors.ConnectAsync();
        var value = new string('x', 90_000);
        for (var i = 0; i < 20; i++)
        {
            await client.SendRawAsync(RespClient.Encode("SET", "k" + i, value));
        }

        for (var i = 0; i < 20; i++)
        {
            Assert.Equal("+OK", await client.ReadAsync());
        }

        var longest = new string('y', 1_000_000);
        Assert.Equal("+OK", await client.SendAsync("SET", "long", longest));
        Assert.Equal($"\"{longest}\"", await client.SendAsync("GET", "long"));
    }

    [Fact]
    public async Task Values_too_large_together_for_one_reply_are_refused_as_soon_as_that_is_known()
    {
        await using var doors = await Doors.OpenAsync(resp: new RespOptions { MaxReplyBytes = 100_000, MaxFanOut = 8 });
        await using var client = await doors.ConnectAsync();
        string[] keys = [.. Enumerable.Range(0, 200).Select(i => $"k{i}")];
        foreach (var key in keys)
        {
            await client.SendAsync("SET", key, new string('x', 10_000));
        }

        doors.Store.Calls.Clear();
        const string TooMuch = "-ERR the values have more than 100000 bytes together, the most that one reply has: ask for fewer keys at a time";
        Assert.Equal(TooMuch, await client.SendAsync(["MGET", .. keys]));
        Assert.InRange(doors.Store.Calls.Count, 8, 24);
        Assert.Equal($"[{string.Join(", ", keys[..9].Select(_ => $"\"{new string('x', 10_000)}\""))}]", await client.SendAsync(["MGET", .. keys[..9]]));
        Assert.Equal("+PONG", await client.SendAsync("PING"));
    }

    [Fact]
    public async Task A_long_reply_is_handed_to_the_socket_in_pieces_and_ends_where_nobody_takes_it()
    {
        var output = new System.Buffers.ArrayBufferWriter<byte>();
        var writer = new RespWriter(output);
        var reply = RespValue.Array([.. Enumerable.Range(0, 100).Select(_ => RespValue.Array(RespValue.Bulk(new string('x', 1_000))))]);
        var (most, pieces) = (0L, 0);
        Assert.True(await reply.WriteAsync(writer, Take(static _ => true)));
        Assert.InRange(most, 1_000, 2_100);
        var whole = new System.Buffers.ArrayBufferWriter<byte>();
        reply.Write(new RespWriter(whole));
        Assert.Equal(whole.WrittenSpan.ToArray(), output.WrittenSpan.ToArray());
        pieces = 0;
        Assert.False(await reply.WriteAsync(writer, Take(static piece => piece < 3)));
        Assert.Equal(3, pieces);

        Func<ValueTask<bool>> Take(Func<int, bool> goesOn) => () =>
        {
            most = Math.Max(most, writer.Unflushed);
            if (writer.Unflushed > 1_000)
            {
                writer.Flushed();
                pieces++;
            }

            return ValueTask.FromResult(goesOn(pieces));
        };
    }

    [Fact]
    public async Task Client_reply_off_and_skip_silence_replies_but_not_effects()
    {
        await using var doors = await Doors.OpenAsync();
        await using var client = await doors.ConnectAsync();
        await client.SendRawAsync("CLIENT REPLY SKIP\r\nSET a 1\r\nGET a\r\nCLIENT REPLY OFF\r\nSET a 2\r\nPING\r\nCLIENT REPLY ON\r\nGET a\r\n");
        Assert.Equal(["\"1\"", "+OK", "\"2\""], [await client.ReadAsync(), await client.ReadAsync(), await client.ReadAsync()]);
    }

    /// <summary>Each as redis-server 7.0.15 answers it.</summary>
    [Theory]
    [InlineData("CLIENT REPLY SKIP\r\nCLIENT REPLY SKIP\r\nSET a 1\r\nGET a\r\n", "\"1\"")]
    [InlineData("CLIENT REPLY SKIP\r\nRESET\r\nGET a\r\n", "nil")]
    [InlineData("CLIENT REPLY OFF\r\nRESET\r\nGET a\r\n", "+RESET nil")]
    [InlineData("CLIENT REPLY SKIP\r\nCLIENT REPLY ON\r\nGET a\r\n", "+OK nil")]
    [InlineData("CLIENT REPLY SKIP\r\nCLIENT REPLY OFF\r\nGET a\r\nCLIENT REPLY ON\r\n", "+OK")]
    [InlineData("CLIENT REPLY SKIP\r\nFOO\r\nGET a\r\n", "nil")]
    [InlineData("CLIENT REPLY SKIP\r\nCLIENT REPLY FOO\r\nGET a\r\n", "nil")]
    public async Task Skip_is_of_the_one_command_behind_it(string pipeline, string replies)
    {
        await using var doors = await Doors.OpenAsync();
        await using var client = await doors.ConnectAsync();
        await client.SendRawAsync(pipeline + "ECHO end\r\n");
        foreach (var reply in replies.Split(' ').Append("\"end\""))
        {
            Assert.Equal(reply, await client.ReadAsync());
        }
    }

    [Fact]
    public async Task A_client_that_stops_sending_still_gets_what_it_asked_for()
    {
        await using var doors = await Doors.OpenAsync();
        var held = new TaskCompletionSource<ClusterError?>(TaskCreationOptions.RunContinuationsAsynchronously);
        doors.Store.Before = _ => held.Task;
        await using var client = await doors.ConnectAsync();
        await client.SendRawAsync("SET a 1\r\nMGET a b\r\n");
        await UntilAsync(() => doors.Store.Calls.Count == 1, "the first has started");
        client.EndSending();
        held.SetResult(null);
        Assert.Equal("+OK", await client.ReadAsync());
        Assert.Equal("[\"1\", nil]", await client.ReadAsync());
        Assert.Equal("closed", await client.ReadAsync());
    }

    [Fact]
    public async Task A_node_that_stops_answers_what_was_started()
    {
        var doors = await Doors.OpenAsync();
        var held = new TaskCompletionSource<ClusterError?>(TaskCreationOptions.RunContinuationsAsynchronously);
        doors.Store.Before = _ => held.Task;
        await using var client = await doors.ConnectAsync();
        await client.SendRawAsync("SET a 1\r\n");
        await UntilAsync(() => doors.Store.Calls.Count == 1, "the command has started");
        var stopping = doors.DisposeAsync().AsTask();
        held.SetResult(null);
        Assert.Equal("+OK", await client.ReadAsync());
        Assert.Equal("closed", await client.ReadAsync());
        await stopping.WaitAsync(Patience);
    }

    [Fact]
    public async Task A_node_about_to_end_answers_all_that_it_received_and_takes_nothing_more()
    {
        await using var doors = await Doors.OpenAsync();
        var held = new TaskCompletionSource<ClusterError?>(TaskCreationOptions.RunContinuationsAsynchronously);
        doors.Store.Before = command => command.Op != KvOp.Get ? held.Task : Task.FromResult<ClusterError?>(null);
        await using var client = await doors.ConnectAsync();
        await using var idle = await doors.ConnectAsync();
        Assert.Equal("+PONG", await idle.SendAsync("PING"));
        await client.SendRawAsync("SET a 1\r\nSET b 2\r\nGET c\r\n");
        await UntilAsync(() => doors.Store.Calls.Count == 3, "all three have started");

        var closing = doors.CloseAsync();
        Assert.Equal("closed", await idle.ReadAsync());
        Assert.False(closing.IsCompleted);
        held.SetResult(null);
        Assert.Equal(["+OK", "+OK", "nil", "closed"], [await client.ReadAsync(), await client.ReadAsync(), await client.ReadAsync(), await client.ReadAsync()]);
        await closing.WaitAsync(Patience);

        await using var late = await doors.ConnectAsync();
        Assert.Equal("closed", await late.ReadAsync());
        var refused = await doors.Http.GetAsync("/kv/a", TestContext.Current.CancellationToken);
        Assert.Equal((System.Net.HttpStatusCode.ServiceUnavailable, true), (refused.StatusCode, refused.Headers.ConnectionClose));
        Assert.Equal(3, doors.Store.Calls.Count);
    }

    [Fact]
    public async Task Reads_ask_for_the_consistency_that_the_connection_chose()
    {
        await using var doors = await Doors.OpenAsync();
        await using var client = await doors.ConnectAsync();
        await client.SendRawAsync("GET a\r\nCLIENT CONSISTENCY STALE\r\nGET a\r\nMGET a b\r\nCLIENT CONSISTENCY lease\r\nGET a\r\nRESET\r\nGET a\r\n");
        for (var i = 0; i < 8; i++)
        {
            await client.ReadAsync();
        }

        Assert.Equal(
            [ReadConsistency.Linearizable, ReadConsistency.Stale, ReadConsistency.Stale, ReadConsistency.Stale, ReadConsistency.Lease, ReadConsistency.Linearizable],
            doors.Store.Consistencies);
    }

    [Fact]
    public async Task Who_asks_for_the_keyspace_alone_is_told_what_DBSIZE_tells()
    {
        await using var doors = await Doors.OpenAsync();
        await using var client = await doors.ConnectAsync();
        await client.SendAsync("INFO", "keyspace");
        Assert.All(doors.Store.Consistencies, consistency => Assert.Equal(ReadConsistency.Linearizable, consistency));
        doors.Store.Consistencies.Clear();
        await client.SendAsync("INFO"); // Among the rest it must not wait for a shard that has no leader.
        Assert.All(doors.Store.Consistencies, consistency => Assert.Equal(ReadConsistency.Stale, consistency));
        Assert.NotEmpty(doors.Store.Consistencies);
    }

    private static async Task UntilAsync(Func<bool> condition, string what)
    {
        var deadline = Environment.TickCount64 + 20_000;
        while (!condition())
        {
            Assert.True(Environment.TickCount64 < deadline, $"not in time: {what}");
            await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System);
        }
    }
}
