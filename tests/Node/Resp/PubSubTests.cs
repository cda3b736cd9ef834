using System.Globalization;
using Cluster.Engine.Port;
using Cluster.Node.Options;
using Cluster.Node.Subscribers;
using Cluster.Node.Tests.Support;
using Google.Protobuf;
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
        var last = -1;
        for (var round = 0; round < 50; round++)
        {
            Assert.EndsWith("[\"subscribe\", \"t\", :1]", await subscriber.SendAsync("SUBSCRIBE", "t"), StringComparison.Ordinal);
            var first = NumberIn(await subscriber.ReadAsync());
            Assert.True(first > last, $"{first} was published before {last}, which was heard by the subscription before");
            last = first;
            await subscriber.SendRawAsync("UNSUBSCRIBE t\r\n");
            string heard;
            while (!(heard = await subscriber.ReadAsync()).Contains("unsubscribe", StringComparison.Ordinal))
            {
                Assert.Equal(last + 1, NumberIn(heard));
                last++;
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
        var (begun, held) = (new TaskCompletionSource(), new TaskCompletionSource());
        doors.Store.Before = async _ =>
        {
            begun.TrySetResult();
            await held.Task;
            return null;
        };
        await writer.SendRawAsync("PING\r\nSET k v\r\nPUBLISH written k\r\n");
        await begun.Task;
        Assert.Equal("+PONG", await writer.ReadAsync()); // All three came in one piece, and the third has had its turn if it is to have it before the second.
        Assert.Equal(":1", await reader.SendAsync("PUBLISH", "written", "meanwhile"));
        held.SetResult();
        Assert.Equal("[\"message\", \"written\", \"meanwhile\"]", await subscriber.ReadAsync());
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
    public async Task What_is_refused_lets_no_message_through()
    {
        await using var doors = await Doors.OpenAsync();
        await using var client = await doors.ConnectAsync();
        await client.SendAsync("SUBSCRIBE", "there");
        var pubSub = (LonePubSub)doors.PubSub;
        pubSub.Subscribed = () => pubSub.Publish(TopicKind.Topic, ByteString.CopyFromUtf8("ok1"), ByteString.CopyFromUtf8("leaked"));
        Assert.Equal("-ERR invalid pattern: it ends with a backslash that escapes nothing", await client.SendAsync("PSUBSCRIBE", "ok*", "a\\"));
        Assert.Equal(1, pubSub.Publish(TopicKind.Topic, ByteString.CopyFromUtf8("there"), ByteString.CopyFromUtf8("x")).Here);
        Assert.Equal("[\"message\", \"there\", \"x\"]", await client.ReadAsync()); // Not held back by the confirmation that never came.
    }

    [Theory]
    [InlineData("PSUBSCRIBE ok* a\\")]
    [InlineData("SUBSCRIBE a b c d")]
    public async Task What_is_refused_is_not_told_to_a_client_that_wants_no_replies(string refused)
    {
        await using var doors = await Doors.OpenAsync(subscribers: new SubscriberOptions { MaxSubscriptions = 3 });
        await using var client = await doors.ConnectAsync();
        await client.SendRawAsync($"CLIENT REPLY OFF\r\n{refused}\r\nSUBSCRIBE t\r\nUNSUBSCRIBE\r\nCLIENT REPLY ON\r\n");
        Assert.Equal(["[\"subscribe\", \"t\", :1]", "[\"unsubscribe\", \"t\", :0]", "+OK"], [await client.ReadAsync(), await client.ReadAsync(), await client.ReadAsync()]);
    }

    [Fact]
    public async Task One_connection_cannot_take_all_patterns_that_a_node_has_room_for()
    {
        await using var doors = await Doors.OpenAsync();
        await using var greedy = await doors.ConnectAsync();
        await using var other = await doors.ConnectAsync();
        Assert.Equal("-ERR a connection has at most 100 patterns", await greedy.SendAsync(["PSUBSCRIBE", .. Enumerable.Range(0, 101).Select(i => $"p{i}*")]));
        for (var i = 0; i < 100; i++)
        {
            Assert.StartsWith("[\"psubscribe\"", await greedy.SendAsync("PSUBSCRIBE", $"p{i}*"), StringComparison.Ordinal);
        }

        Assert.Equal("-ERR a connection has at most 100 patterns", await greedy.SendAsync("PSUBSCRIBE", "q*"));
        Assert.StartsWith("[\"psubscribe\"", await greedy.SendAsync("PSUBSCRIBE", "p0*"), StringComparison.Ordinal); // It has that one.
        Assert.StartsWith("[\"subscribe\"", await greedy.SendAsync("SUBSCRIBE", "t"), StringComparison.Ordinal);
        Assert.StartsWith("[\"psubscribe\"", await other.SendAsync("PSUBSCRIBE", "q*"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_patterns_of_a_connection_are_bounded_together()
    {
        await using var doors = await Doors.OpenAsync(subscribers: new SubscriberOptions { MaxPatterns = 300, MaxPatternBytes = 10_000 });
        await using var client = await doors.ConnectAsync();
        var refused = "";
        for (var i = 0; i < 300 && !refused.StartsWith('-'); i++)
        {
            refused = await client.SendAsync("PSUBSCRIBE", $"{i}*{new string('x', 250 - $"{i}".Length)}");
        }

        Assert.Equal("-ERR a connection's patterns have at most 10000 bytes together, and with these they would have 10040", refused);
        Assert.Equal(":39", await Counted(client));
        Assert.Contains("[\"punsubscribe\", ", await client.SendAsync("PUNSUBSCRIBE", $"0*{new string('x', 249)}"), StringComparison.Ordinal);
        Assert.Contains("\"psubscribe\"", await client.SendAsync("PSUBSCRIBE", $"0*{new string('y', 249)}"), StringComparison.Ordinal);

        async Task<string> Counted(RespClient _)
        {
            await using var other = await doors.ConnectAsync();
            return await other.SendAsync("PUBSUB", "NUMPAT");
        }
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
        var options = new SubscriberOptions { HardBytes = 1_000, SoftBytes = 500, SoftTime = TimeSpan.FromSeconds(60), TotalBytes = 1_500 };
        using var all = new SubscriberBacklogs(options, new NodeOptions { Seeds = [] }, clock, NullLogger<SubscriberBacklogs>.Instance);
        using var hard = all.Open("hard", static () => { });
        Assert.Equal([true, false, false], [hard.TryAdd(Of(1_000)), hard.TryAdd(Of(50)), hard.TryAdd(Of(50))]);
        using var soft = all.Open("soft", static () => { });
        Assert.True(soft.TryAdd(Of(450)));
        Assert.True(soft.TryAdd(Of(100)));
        clock.Advance(TimeSpan.FromSeconds(59));
        Assert.True(soft.TryAdd(Of(50)));
        soft.Remove();
        Assert.True(soft.TryAdd(Of(450))); // It was below in between: the time begins anew.
        clock.Advance(TimeSpan.FromSeconds(59));
        Assert.True(soft.TryAdd(Of(50)));
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.False(soft.TryAdd(Of(50)));
        using var large = all.Open("large", static () => { });
        using var small = all.Open("small", static () => { });
        Assert.Equal([true, true, true], [large.TryAdd(Of(800)), small.TryAdd(Of(450)), small.TryAdd(Of(300))]);
        Assert.False(large.TryAdd(Of(50))); // The last one passed the limit of all, and this one was furthest behind.
        Assert.Equal(750, all.Total);
    }

    /// <summary>A hundred clients that are behind by the same messages hold them once.</summary>
    [Fact]
    public void What_waits_for_several_clients_counts_once_for_the_node()
    {
        const int Places = 100 * SubscriberBacklog.PlaceBytes;
        using var all = new SubscriberBacklogs(new SubscriberOptions(), new NodeOptions { Seeds = [] }, new HandClock(), NullLogger<SubscriberBacklogs>.Instance);
        var clients = Enumerable.Range(0, 100).Select(number => all.Open($"{number}", static () => { })).ToList();
        var (first, second) = (new WaitingMessage(1_000_000), new WaitingMessage(10));
        Assert.All(clients, client => Assert.True(client.TryAdd(first) && client.TryAdd(second)));
        Assert.Equal(1_000_010 + (2 * Places), all.Total);
        Assert.All(clients, client => Assert.Equal(1_000_010 + (2 * SubscriberBacklog.PlaceBytes), client.Bytes));
        clients[0].Cut("hard", "test");
        clients[1].Dispose();
        Assert.All(clients[2..], client => client.Remove());
        Assert.Equal(10 + (98 * SubscriberBacklog.PlaceBytes), all.Total);
        Assert.All(clients, client => client.Dispose());
        Assert.Equal((0L, 0), (all.Total, all.Clients));
    }

    [Fact]
    public async Task A_connection_that_never_subscribes_has_nothing_that_waits()
    {
        await using var doors = await Doors.OpenAsync();
        await using var client = await doors.ConnectAsync();
        Assert.Equal("[\"unsubscribe\", nil, :0]", await client.SendAsync("UNSUBSCRIBE"));
        Assert.Equal(0, doors.Subscribers.Clients);
        await client.SendAsync("SUBSCRIBE", "t");
        Assert.Equal(1, doors.Subscribers.Clients);
        Assert.Equal("[\"subscribe\", \"u\", :2]", await client.SendAsync("SUBSCRIBE", "u", "t", "u"));
        Assert.Equal(["[\"subscribe\", \"t\", :2]", "[\"subscribe\", \"u\", :2]"], [await client.ReadAsync(), await client.ReadAsync()]);
    }

    /// <summary>A message that counts so much for its client.</summary>
    private static WaitingMessage Of(int cost) => new(cost - SubscriberBacklog.PlaceBytes);

    private static int NumberIn(string message)
    {
        Assert.Contains("[\"message\", \"t\", ", message, StringComparison.Ordinal);
        return int.Parse(message.Split('"')[5], CultureInfo.InvariantCulture);
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
