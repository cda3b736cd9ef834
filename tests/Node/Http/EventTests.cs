using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.ServerSentEvents;
using System.Text.Json;
using Cluster.Node.Http;
using Cluster.Node.Tests.Support;

namespace Cluster.Node.Tests.Http;

/// <summary>The event stream: it can be resumed, it says what was missed, it shows that it lives, and nobody can take all of it.</summary>
public sealed class EventTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_stream_begins_with_what_is_new_and_goes_on_as_it_happens()
    {
        await using var doors = await Doors.OpenAsync();
        doors.Status.Tell("long ago");
        await using var stream = await FollowAsync(doors, "/events");
        doors.Status.Tell("n4 is up");
        var told = await stream.NextAsync();
        Assert.Equal(("2", "MemberChanged", "n4 is up"), (told.EventId, told.EventType, Text(told)));
        Assert.DoesNotContain("null", told.Data, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/events", "2", "3")]
    [InlineData("/events?after=2", null, "3")]
    [InlineData("/events?after=0", null, "1")]
    [InlineData("/events?after=0", "1", "2")]
    public async Task A_stream_goes_on_after_the_last_event_that_the_client_has_seen(string path, string? lastSeen, string first)
    {
        await using var doors = await Doors.OpenAsync();
        foreach (var text in new[] { "one", "two", "three" })
        {
            doors.Status.Tell(text);
        }

        await using var stream = await FollowAsync(doors, path, lastSeen);
        Assert.Equal(first, (await stream.NextAsync()).EventId);
    }

    [Fact]
    public async Task A_reader_who_came_too_late_is_told_what_it_missed()
    {
        await using var doors = await Doors.OpenAsync();
        for (var number = 1; number <= 5; number++)
        {
            doors.Status.Tell($"event {number}");
        }

        doors.Status.Forgotten.UnionWith([2, 3, 4]);
        await using var stream = await FollowAsync(doors, "/events", "1");
        var gap = await stream.NextAsync();
        Assert.Equal(("gap", """{"from":2,"to":4}"""), (gap.EventType, gap.Data));
        Assert.Equal("5", (await stream.NextAsync()).EventId);
    }

    [Fact]
    public async Task A_quiet_stream_shows_that_it_is_alive()
    {
        await using var doors = await Doors.OpenAsync(events: new EventStreamOptions { HeartbeatInterval = TimeSpan.FromMilliseconds(20) });
        using var response = await GetStreamAsync(doors, "/events", null);
        using var lines = new StreamReader(await response.Content.ReadAsStreamAsync(Cancellation));
        string? line;
        while ((line = await lines.ReadLineAsync(Cancellation)) != ": nothing new")
        {
            Assert.NotNull(line);
        }
    }

    [Fact]
    public async Task One_stream_too_many_is_refused_and_a_closed_one_makes_room()
    {
        await using var doors = await Doors.OpenAsync(events: new EventStreamOptions { MaxStreams = 1, HeartbeatInterval = TimeSpan.FromMilliseconds(20) });
        await using (await FollowAsync(doors, "/events"))
        {
            using var refused = await GetStreamAsync(doors, "/events", null);
            Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        }

        for (var admitted = false; !admitted;)
        {
            using var again = await GetStreamAsync(doors, "/events", null);
            admitted = again.StatusCode == HttpStatusCode.OK;
        }
    }

    [Fact]
    public async Task A_list_gives_the_newest_that_fit()
    {
        await using var doors = await Doors.OpenAsync();
        for (var number = 1; number <= 5; number++)
        {
            doors.Status.Tell($"event {number}");
        }

        Assert.Equal(["event 4", "event 5"], await ListAsync(doors, "/events?limit=2"));
        Assert.Equal(["event 5"], await ListAsync(doors, "/events?after=4&limit=2"));
        Assert.Equal(5, (await ListAsync(doors, "/events", "application/json")).Count);
        Assert.Equal(HttpStatusCode.BadRequest, (await doors.Http.GetAsync("/events?limit=0", Cancellation)).StatusCode);
        using var wrong = await GetStreamAsync(doors, "/events", "x1");
        Assert.Equal(HttpStatusCode.BadRequest, wrong.StatusCode);
    }

    private static async Task<List<string?>> ListAsync(Doors doors, string path, string? accept = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (accept is not null)
        {
            request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue(accept));
        }

        using var response = await doors.Http.SendAsync(request, Cancellation);
        var list = await response.Content.ReadFromJsonAsync<JsonElement>(Cancellation);
        return [.. list.EnumerateArray().Select(one => one.GetProperty("text").GetString())];
    }

    private static async Task<Followed> FollowAsync(Doors doors, string path, string? lastSeen = null)
    {
        var response = await GetStreamAsync(doors, path, lastSeen);
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.MediaType);
        return new Followed(response, SseParser.Create(await response.Content.ReadAsStreamAsync(Cancellation)).EnumerateAsync(Cancellation).GetAsyncEnumerator(Cancellation));
    }

    private static Task<HttpResponseMessage> GetStreamAsync(Doors doors, string path, string? lastSeen)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("text/event-stream"));
        if (lastSeen is not null)
        {
            request.Headers.Add("Last-Event-ID", lastSeen);
        }

        return doors.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancellation);
    }

    private static string? Text(SseItem<string> told) => JsonDocument.Parse(told.Data).RootElement.GetProperty("text").GetString();

    private sealed class Followed(HttpResponseMessage response, IAsyncEnumerator<SseItem<string>> items) : IAsyncDisposable
    {
        public async Task<SseItem<string>> NextAsync()
        {
            Assert.True(await items.MoveNextAsync(), "the stream ended");
            return items.Current;
        }

        public async ValueTask DisposeAsync()
        {
            response.Dispose();
            await items.DisposeAsync();
        }
    }
}
