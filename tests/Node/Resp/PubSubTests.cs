using System.Globalization;
using Cluster.Node.Options;
using Cluster.Node.Subscribers;
using Cluster.Node.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace Cluster.Node.Tests.Resp;

/// <summary>What more than one connection is needed for: messages between them, their order, and the end of who does not read.</summary>
public sealed class PubSubTests
{
    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Subscribers_hear_in_order_what_is_published_after_their_confirmation_and_nothing_after_their_end(int protocol)
    {
        await using var doors = await Doors.OpenAsync();
        await using var subscriber = await doors.ConnectAsync();
        await using var publisher = await doors.ConnectAsync();
        await subscriber.SendAsync("HELLO", protocol.ToString(CultureInfo.InvariantCulture));
        using var stop = new CancellationTokenSource();
        var publishing = PublishAsync(publisher, stop.Token);
        for (var round = 0; round < 50; round++)
        {
            Assert.EndsWith("[\"subscribe\", \"t\", :1]", await subscriber.SendAsync("SUBSCRIBE", "t"), StringComparison.Ordinal);
            var last = -1;
            await subscriber.SendRawAsync("UNSUBSCRIBE t\r\n");
            string heard;
            while (!(heard = await subscriber.ReadAsync()).Contains("unsubscribe", StringComparison.Ordinal))
            {
                Assert.Contains("[\"message\", \"t\", ", heard, StringComparison.Ordinal);
                var number = int.Parse(heard.Split('"')[5], CultureInfo.InvariantCulture);
                Assert.True(last < 0 || number == last + 1, $"{number} after {last}");
                last = number;
            }

            Assert.Equal("+PONG", await subscriber.SendAsync("PING"));
        }

        await stop.CancelAsync();
        await publishing;
    }

    [Fact]
    public async Task Who_hears_of_a_write_in_the_same_pipeline_can_read_it()
    {
        await using var doors = await Doors.OpenAsync();
        await using var subscriber = await doors.ConnectAsync();
        await using var writer = await doors.ConnectAsync();
        await using var reader = await doors.ConnectAsync();
        await subscriber.SendAsync("SUBSCRIBE", "written");
        var held = new TaskCompletionSource();
        doors.Store.Before = async _ =>
        {
            await held.Task;
            return null;
        };
        await writer.SendRawAsync("SET k v\r\nPUBLISH written k\r\n");
        Assert.Equal(":0", await reader.SendAsync("PUBLISH", "other", "k")); // The writer's commands were received before this, most likely; its message has not come.
        held.SetResult();
        Assert.Equal("[\"message\", \"written\", \"k\"]", await subscriber.ReadAsync());
        Assert.Equal("\"v\"", await reader.SendAsync("GET", "k"));
        Assert.Equal(["+OK", ":1"], [await writer.ReadAsync(), await writer.ReadAsync()]);
    }

    [Fact]
    public async Task A_transaction_that_is_not_carried_out_publishes_nothing()
    {
        await using var doors = await Doors.OpenAsync();
        await using var subscriber = await doors.ConnectAsync();
        await using var client = await doors.ConnectAsync();
        await using var other = await doors.ConnectAsync();
        await subscriber.SendAsync("SUBSCRIBE", "t");
        await client.SendAsync("WATCH", "k");
        await other.SendAsync("SET", "k", "1");
        await client.SendAsync("MULTI");
        await client.SendAsync("SET", "k", "2");
        await client.SendAsync("PUBLISH", "t", "lost");
        Assert.Equal("nullarray", await client.SendAsync("EXEC"));
        await client.SendAsync("MULTI");
        await client.SendAsync("SET", "k", "2");
        await client.SendAsync("PUBLISH", "t", "told");
        Assert.Equal("[+OK, :1]", await client.SendAsync("EXEC"));
        Assert.Equal("[\"message\", \"t\", \"told\"]", await subscriber.ReadAsync());
    }

    [Fact]
    public async Task A_subscriber_that_does_not_read_is_cut_off_and_nobody_waits_for_it()
    {
        await using var doors = await Doors.OpenAsync(subscribers: new SubscriberOptions { HardBytes = 4 * 1024 * 1024 });
        await using var slow = await doors.ConnectAsync();
        await using var quick = await doors.ConnectAsync();
        await using var publisher = await doors.ConnectAsync();
        await slow.SendAsync("SUBSCRIBE", "t");
        await quick.SendAsync("SUBSCRIBE", "t");
        var message = new string('x', 500_000);
        var (sent, receivers) = (0, ":2");
        for (; receivers == ":2" && sent < 200; sent++)
        {
            receivers = await publisher.SendAsync("PUBLISH", "t", message);
            Assert.Contains(message, await quick.ReadAsync(), StringComparison.Ordinal);
        }

        await WaitUntilAsync(async () => await publisher.SendAsync("PUBSUB", "NUMSUB", "t") == "[\"t\", :1]");
        Assert.InRange(sent, 9, 199);
        Assert.Equal(0, doors.Subscribers.Total);
        string last;
        while ((last = await ReadOrCloseAsync(slow)) != "closed")
        {
            Assert.Contains(message, last, StringComparison.Ordinal);
        }

        Assert.Equal("+PONG", await publisher.SendAsync("PING"));
    }

    [Fact]
    public async Task Connections_tell_what_they_subscribe_to_and_are_ended_by_it()
    {
        await using var doors = await Doors.OpenAsync();
        await using var subscriber = await doors.ConnectAsync();
        await using var client = await doors.ConnectAsync();
        await subscriber.SendAsync("HELLO", "3");
        await subscriber.SendAsync("SUBSCRIBE", "a");
        await subscriber.SendAsync("PSUBSCRIBE", "b*");
        await subscriber.SendAsync("SSUBSCRIBE", "c");
        var listed = await client.SendAsync("CLIENT", "LIST", "TYPE", "pubsub");
        Assert.Contains("flags=P db=0 sub=1 psub=1 ssub=1 ", listed, StringComparison.Ordinal);
        Assert.Single(listed.Split("id=").Skip(1));
        Assert.Contains("flags=N db=0 sub=0 psub=0 ssub=0 ", await client.SendAsync("CLIENT", "LIST", "TYPE", "normal"), StringComparison.Ordinal);
        Assert.Contains("pubsub_channels:1\r\npubsub_patterns:1\r\npubsubshard_channels:1\r\n", await client.SendAsync("INFO", "stats"), StringComparison.Ordinal);
        Assert.Equal("[\"client-output-buffer-limit\", \"normal 0 0 0 slave 0 0 0 pubsub 33554432 8388608 60\"]", await client.SendAsync("CONFIG", "GET", "client-output*"));
        Assert.Equal(":1", await client.SendAsync("CLIENT", "KILL", "TYPE", "pubsub"));
        Assert.Equal("closed", await subscriber.ReadAsync());
        await WaitUntilAsync(async () => await client.SendAsync("PUBSUB", "CHANNELS") == "[]");
    }

    [Fact]
    public async Task What_is_out_of_bounds_is_refused_whole_and_the_connection_lives()
    {
        await using var doors = await Doors.OpenAsync(subscribers: new SubscriberOptions { MaxSubscriptions = 3 });
        await using var client = await doors.ConnectAsync();
        Assert.Equal("-ERR a topic of 1025 bytes is longer than the 1024 that are taken", await client.SendAsync("SUBSCRIBE", "a", new string('t', 1025)));
        Assert.Equal("-ERR a pattern of 257 bytes is longer than the 256 that are taken", await client.SendAsync("PSUBSCRIBE", new string('p', 257)));
        Assert.Equal("-ERR invalid pattern: it ends with a backslash that escapes nothing", await client.SendAsync("PSUBSCRIBE", "ok*", "a\\"));
        Assert.Equal("-ERR a connection has at most 3 subscriptions", await client.SendAsync("SUBSCRIBE", "1", "2", "3", "4"));
        Assert.Equal("-ERR a message of 1048577 bytes is longer than the 1048576 that are taken", await client.SendAsync("PUBLISH", "t", new string('m', (1024 * 1024) + 1)));
        Assert.Equal("[]", await client.SendAsync("PUBSUB", "CHANNELS"));
        Assert.Equal("[\"subscribe\", \"1\", :1]", await client.SendAsync("SUBSCRIBE", "1"));
    }

    [Fact]
    public async Task A_shard_channel_is_of_its_slot_s_leader()
    {
        await using var doors = await Doors.OpenAsync(redirect: true);
        await using var client = await doors.ConnectAsync();
        Assert.Equal("-MOVED 15495 127.0.0.1:6380", await client.SendAsync("SSUBSCRIBE", "a"));
        Assert.Equal("-MOVED 15495 127.0.0.1:6380", await client.SendAsync("SPUBLISH", "a", "x"));
        Assert.Equal("-CROSSSLOT Keys in request don't hash to the same slot", await client.SendAsync("SSUBSCRIBE", "b", "a"));
        Assert.Equal(":0", await client.SendAsync("SPUBLISH", "b", "x"));
        Assert.Equal(":0", await client.SendAsync("PUBLISH", "a", "x"));
        Assert.Equal("[\"ssubscribe\", \"b\", :1]", await client.SendAsync("SSUBSCRIBE", "b"));
        Assert.Equal("[\"sunsubscribe\", \"a\", :1]", await client.SendAsync("SUNSUBSCRIBE", "a"));
    }

    [Fact]
    public void A_backlog_is_judged_by_each_of_its_limits()
    {
        var clock = new HandClock();
        var options = new SubscriberOptions { HardBytes = 100, SoftBytes = 50, SoftTime = TimeSpan.FromSeconds(60), TotalBytes = 150 };
        using var all = new SubscriberBacklogs(options, new NodeOptions { Seeds = [] }, clock, NullLogger<SubscriberBacklogs>.Instance);
        using var hard = all.Open("hard", static () => { });
        Assert.Equal([true, false, false], [hard.TryAdd(100), hard.TryAdd(1), hard.TryAdd(1)]);
        using var soft = all.Open("soft", static () => { });
        Assert.True(soft.TryAdd(60));
        clock.Advance(TimeSpan.FromSeconds(59));
        Assert.True(soft.TryAdd(1));
        soft.Remove(30);
        Assert.True(soft.TryAdd(30)); // It was below in between: the time begins anew.
        clock.Advance(TimeSpan.FromSeconds(59));
        Assert.True(soft.TryAdd(1));
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.False(soft.TryAdd(1));
        using var large = all.Open("large", static () => { });
        using var small = all.Open("small", static () => { });
        Assert.Equal([true, true, true], [large.TryAdd(80), small.TryAdd(50), small.TryAdd(25)]);
        Assert.False(large.TryAdd(1)); // The last one passed the limit of all, and this one was furthest behind.
        Assert.Equal(75, all.Total);
    }

    private static async Task PublishAsync(RespClient publisher, CancellationToken stop)
    {
        for (var i = 0; !stop.IsCancellationRequested; i++)
        {
            Assert.StartsWith(":", await publisher.SendAsync("PUBLISH", "t", i.ToString(CultureInfo.InvariantCulture)), StringComparison.Ordinal);
        }
    }

    private static async Task<string> ReadOrCloseAsync(RespClient client)
    {
        try
        {
            return await client.ReadAsync();
        }
        catch (EndOfStreamException)
        {
            return "closed"; // In the middle of a message: it was cut off.
        }
    }

    private static async Task WaitUntilAsync(Func<Task<bool>> condition)
    {
        for (var deadline = Environment.TickCount64 + 20_000; !await condition(); await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System))
        {
            Assert.True(Environment.TickCount64 < deadline, "not in time");
        }
    }

    private sealed class HandClock : TimeProvider
    {
        private long ticks;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => ticks;

        public void Advance(TimeSpan by) => ticks += by.Ticks;
    }
}
