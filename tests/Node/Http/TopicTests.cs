using System.Net;
using System.Net.Http.Json;
using System.Net.ServerSentEvents;
using System.Text;
using System.Text.Json;
using Cluster.Engine.Port;
using Cluster.Node.Http;
using Cluster.Node.Subscribers;
using Cluster.Node.Tests.Support;
using Google.Protobuf;

namespace Cluster.Node.Tests.Http;

/// <summary>Publish-subscribe over HTTP, and between the two doors.</summary>
public sealed class TopicTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_is_published_at_one_door_is_heard_at_the_other()
    {
        await using var doors = await Doors.OpenAsync();
        await using var subscriber = await doors.ConnectAsync();
        await subscriber.SendAsync("SUBSCRIBE", "a/b");
        await using var stream = await HearAsync(doors, "/topics/a%2Fb/events");
        using var answer = await doors.Http.PostAsync("/topics/a%2Fb", new StringContent("hello"), Cancel);
        Assert.Equal("{\"subscriptions\":2,\"here\":2,\"nodes\":0}", await answer.Content.ReadAsStringAsync(Cancel));
        Assert.Equal("[\"message\", \"a/b\", \"hello\"]", await subscriber.ReadAsync());
        Assert.Equal("message {\"topic\":\"a/b\",\"text\":\"hello\"}", await stream.NextAsync());
        await using var publisher = await doors.ConnectAsync();
        Assert.Equal(":2", await publisher.SendAsync("PUBLISH", "a/b", "back"));
        Assert.Equal("message {\"topic\":\"a/b\",\"text\":\"back\"}", await stream.NextAsync());
    }

    [Fact]
    public async Task A_pattern_s_stream_tells_each_topic_and_bytes_that_are_no_text()
    {
        await using var doors = await Doors.OpenAsync();
        await using var stream = await HearAsync(doors, "/topics/events?pattern=n%3F");
        using var content = new ByteArrayContent([0xff, 0x00]);
        await doors.Http.PostAsync("/topics/n1", content, Cancel);
        await doors.Http.PostAsync("/topics/n22", new StringContent("unheard"), Cancel);
        await doors.Http.PostAsync("/topics/n2", new StringContent("two\nlines"), Cancel);
        Assert.Equal("message {\"topic\":\"n1\",\"base64\":\"/wA=\"}", await stream.NextAsync());
        Assert.Equal("message {\"topic\":\"n2\",\"text\":\"two\\nlines\"}", await stream.NextAsync());
    }

    [Fact]
    public async Task One_of_a_group_hears_it_and_who_is_in_none_does_not()
    {
        await using var doors = await Doors.OpenAsync();
        await using var alone = await HearAsync(doors, "/topics/jobs/events");
        await using var first = await HearAsync(doors, "/topics/jobs/events?group=workers");
        await using var second = await HearAsync(doors, "/topics/jobs/events?group=workers");
        using var answer = await doors.Http.PostAsync("/topics/jobs?to=group", new StringContent("1"), Cancel);
        Assert.Equal("{\"subscriptions\":1,\"here\":1,\"nodes\":0}", await answer.Content.ReadAsStringAsync(Cancel));
        Assert.Contains("\"1\"", await await Task.WhenAny(first.NextAsync(), second.NextAsync()), StringComparison.Ordinal);
        await doors.Http.PostAsync("/topics/jobs", new StringContent("2"), Cancel);
        Assert.Contains("\"2\"", await alone.NextAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Topics_are_listed_with_their_nodes_and_go_when_the_stream_ends()
    {
        await using var doors = await Doors.OpenAsync();
        await using (await HearAsync(doors, "/topics/news/events"))
        {
            await using var sharded = await HearAsync(doors, "/topics/s/events?kind=sharded");
            await using var pattern = await HearAsync(doors, "/topics/events?pattern=n*");
            Assert.Equal("[{\"name\":\"news\",\"path\":\"news\",\"kind\":\"topic\",\"group\":null,\"subscriptions\":1,\"nodes\":[{\"node\":\"n1\",\"subscriptions\":1}]}]", await doors.Http.GetStringAsync("/topics?match=n*", Cancel));
            Assert.Contains("\"name\":\"n*\",\"path\":\"n%2A\",\"kind\":\"pattern\"", await doors.Http.GetStringAsync("/topics?kind=pattern", Cancel), StringComparison.Ordinal);
            Assert.Contains("\"name\":\"s\"", await doors.Http.GetStringAsync("/topics?kind=sharded", Cancel), StringComparison.Ordinal);
            Assert.Equal("[]", await doors.Http.GetStringAsync("/topics?match=x*", Cancel));
        }

        for (var deadline = Environment.TickCount64 + 20_000; await doors.Http.GetStringAsync("/topics", Cancel) != "[]"; await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, Cancel))
        {
            Assert.True(Environment.TickCount64 < deadline, "the subscription outlives its stream");
        }
    }

    [Theory]
    [InlineData("/topics/events?pattern=%5Ba", "invalid pattern: the '[' at 0 is never closed")]
    [InlineData("/topics/events", "'pattern' is missing")]
    [InlineData("/topics/t/events?group=", "a group's name has 1 to 64 characters, not 0")]
    [InlineData("/topics/t/events?kind=sharded&group=g", "only subscribers of a topic form groups")]
    [InlineData("/topics?kind=all", "kind=all is not one of topic, pattern, sharded")]
    public async Task What_is_not_allowed_is_a_bad_request_that_says_why(string path, string why)
    {
        await using var doors = await Doors.OpenAsync();
        using var answer = await doors.Http.GetAsync(path, Cancel);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        using var error = await answer.Content.ReadFromJsonAsync<JsonDocument>(Cancel);
        Assert.Equal("BadRequest", error!.RootElement.GetProperty("error").GetString());
        Assert.Contains(why, error.RootElement.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Equal("[]", await doors.Http.GetStringAsync("/topics", Cancel));
    }

    [Fact]
    public async Task A_message_too_large_and_a_stream_too_many_are_refused()
    {
        await using var doors = await Doors.OpenAsync(subscribers: new SubscriberOptions { MaxStreams = 1 });
        using var large = await doors.Http.PostAsync("/topics/t", new ByteArrayContent(new byte[(1024 * 1024) + 1]), Cancel);
        Assert.Equal(HttpStatusCode.BadRequest, large.StatusCode);
        await using var stream = await HearAsync(doors, "/topics/t/events");
        using var second = await doors.Http.GetAsync("/topics/t/events", Cancel);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, second.StatusCode);
    }

    [Fact]
    public async Task A_stream_that_is_not_read_is_cut_off_and_nobody_waits_for_it()
    {
        await using var doors = await Doors.OpenAsync(subscribers: new SubscriberOptions { HardBytes = 4 * 1024 * 1024 }, events: new EventStreamOptions { WriteTimeout = TimeSpan.FromMinutes(5) });
        using var request = new HttpRequestMessage(HttpMethod.Get, "/topics/t/events");
        using var slow = await doors.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancel);
        var message = ByteString.CopyFrom(Encoding.ASCII.GetBytes(new string('x', 500_000)));
        var sent = 0;
        for (; sent < 200 && doors.PubSub.Publish(TopicKind.Topic, ByteString.CopyFromUtf8("t"), message).Here == 1; sent++)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, Cancel);
        }

        Assert.InRange(sent, 9, 199);
        Assert.Equal(0, doors.Subscribers.Total);
    }

    private static async Task<Stream> HearAsync(Doors doors, string path)
    {
        var response = await doors.Http.GetStreamAsync(path, Cancel);
        var stream = new Stream(response);
        Assert.Equal("subscribed {}", await stream.NextAsync());
        return stream;
    }

    private sealed class Stream(System.IO.Stream body) : IAsyncDisposable
    {
        private readonly IAsyncEnumerator<SseItem<string>> items = SseParser.Create(body).EnumerateAsync(Cancel).GetAsyncEnumerator(Cancel);

        public async Task<string> NextAsync()
        {
            Assert.True(await items.MoveNextAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(20), Cancel));
            return $"{items.Current.EventType} {items.Current.Data}";
        }

        public ValueTask DisposeAsync() => body.DisposeAsync();
    }
}
