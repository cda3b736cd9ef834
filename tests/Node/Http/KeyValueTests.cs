using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Cluster.Node.Tests.Support;
using Cluster.Shared.Http;
using Cluster.Shared.KeyValue;
using Cluster.Shared.Results;
using Cluster.Shared.Wire;

namespace Cluster.Node.Tests.Http;

/// <summary>Keys over HTTP: raw values, revisions as entity tags, conditions, and errors that say what may be concluded.</summary>
public sealed class KeyValueTests
{
    [Fact]
    public async Task What_is_put_comes_back_byte_for_byte_with_its_revision()
    {
        await using var doors = await Doors.OpenAsync();
        byte[] value = [0, 1, 255, 13, 10];
        var put = await doors.Http.PutAsync("/kv/a", new ByteArrayContent(value));
        Assert.Equal(HttpStatusCode.NoContent, put.StatusCode);
        Assert.Equal("\"1\"", put.Headers.ETag!.Tag);
        var got = await doors.Http.GetAsync("/kv/a");
        Assert.Equal(value, await got.Content.ReadAsByteArrayAsync());
        Assert.Equal("\"1\"", got.Headers.ETag!.Tag);
        Assert.Equal("application/octet-stream", got.Content.Headers.ContentType!.MediaType);
        var head = await doors.Http.SendAsync(new HttpRequestMessage(HttpMethod.Head, "/kv/a"));
        Assert.Equal(HttpStatusCode.OK, head.StatusCode);
        Assert.Equal("\"1\"", head.Headers.ETag!.Tag);
        Assert.Equal(HttpStatusCode.NoContent, (await doors.Http.DeleteAsync("/kv/a")).StatusCode);
        await AssertErrorAsync(await doors.Http.DeleteAsync("/kv/a"), HttpStatusCode.NotFound, "NotFound", "there is no such key");
        await AssertErrorAsync(await doors.Http.GetAsync("/kv/a"), HttpStatusCode.NotFound, "NotFound", "there is no such key");
        Assert.Equal(HttpStatusCode.NotFound, (await doors.Http.SendAsync(new HttpRequestMessage(HttpMethod.Head, "/kv/a"))).StatusCode);
    }

    [Theory]
    [InlineData("/kv/a/b", "a/b")]
    [InlineData("/kv/a%2Fb", "a/b")]
    [InlineData("/kv/a%252Fb", "a%2Fb")]
    [InlineData("/kv/a%20b+c", "a b+c")]
    [InlineData("/kv/%C3%BC", "ü")]
    [InlineData("/kv/a%3Fb", "a?b")]
    [InlineData("/kv/a//b/", "a//b/")]
    [InlineData("/kv/increment", "increment")]
    public async Task Any_key_can_be_written_in_a_path(string path, string key)
    {
        await using var doors = await Doors.OpenAsync();
        Assert.Equal(HttpStatusCode.NoContent, (await doors.Http.PutAsync(path, new StringContent("v"))).StatusCode);
        Assert.Equal(key, Assert.Single(doors.Store.Calls).Key.ToStringUtf8());
        Assert.Equal("v", await doors.Http.GetStringAsync(path));
    }

    [Theory]
    [InlineData("/kv/a?consistency=eventual", "consistency=eventual is not one of linearizable, lease, stale")]
    [InlineData("/kv/a?foo=1", "unknown query parameter 'foo': this takes consistency")]
    [InlineData("/kv/a?consistency=stale&consistency=stale", "query parameter 'consistency' is given 2 times")]
    [InlineData("/kv?limit=0", "limit=0 is not a whole number from 1 to 1000")]
    [InlineData("/kv?limit=many", "limit=many is not a whole number from 1 to 1000")]
    [InlineData("/cluster?foo=1", "unknown query parameter 'foo': this takes none")]
    public async Task A_wrong_request_is_told_what_is_allowed(string path, string message)
    {
        await using var doors = await Doors.OpenAsync();
        await AssertErrorAsync(await doors.Http.GetAsync(path), HttpStatusCode.BadRequest, "BadRequest", message);
    }

    [Theory]
    [InlineData("PUT /kv/", "400 Bad Request", "the key is empty")]
    [InlineData("GET /kv/a%zz", "400 Bad Request", "'%zz' is not a percent-encoded byte; write a percent sign as %25")]
    [InlineData("GET /kv/a%2", "400 Bad Request", "'%2' is not a percent-encoded byte")]
    [InlineData("GET /kv/a/../b", "404 Not Found", "there is no such key")]
    [InlineData("GET /other/../kv/b", "400 Bad Request", "the path is not /kv/KEY as it was sent")]
    [InlineData("GET http://localhost/kv/a%2Fb", "404 Not Found", "there is no such key")]
    public async Task The_path_is_taken_as_it_was_sent(string request, string status, string message)
    {
        await using var doors = await Doors.OpenAsync();
        using var tcp = new TcpClient();
        await tcp.ConnectAsync(IPAddress.Loopback, doors.Ports.Http.Port);
        await tcp.GetStream().WriteAsync(Encoding.ASCII.GetBytes($"{request} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"));
        using var reader = new StreamReader(tcp.GetStream());
        var answer = await reader.ReadToEndAsync();
        Assert.Contains(status, answer, StringComparison.Ordinal);
        Assert.Contains(JsonEncodedText.Encode(message).ToString(), answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Conditions_hold_or_the_answer_is_412_with_what_stands_there()
    {
        await using var doors = await Doors.OpenAsync();
        Assert.Equal(HttpStatusCode.PreconditionFailed, (await PutAsync(doors, "a", "x", ifMatch: "*")).StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, (await PutAsync(doors, "a", "1", ifNoneMatch: "*")).StatusCode);
        await AssertErrorAsync(await PutAsync(doors, "a", "2", ifNoneMatch: "*"), HttpStatusCode.PreconditionFailed, "ConditionFailed", "the condition does not hold: its revision is \"1\"");
        var stale = await PutAsync(doors, "a", "2", ifMatch: "\"7\"");
        Assert.Equal(HttpStatusCode.PreconditionFailed, stale.StatusCode);
        Assert.Equal("\"1\"", stale.Headers.ETag!.Tag);
        Assert.Equal("\"2\"", (await PutAsync(doors, "a", "2", ifMatch: "\"1\"")).Headers.ETag!.Tag);
        Assert.Equal(HttpStatusCode.NoContent, (await PutAsync(doors, "a", "3", ifMatch: "*")).StatusCode);
        Assert.Equal("3", await doors.Http.GetStringAsync("/kv/a"));
        Assert.Equal(HttpStatusCode.BadRequest, (await PutAsync(doors, "a", "3", ifMatch: "W/\"3\"")).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await PutAsync(doors, "a", "3", ifMatch: "*", ifNoneMatch: "*")).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await PutAsync(doors, "a", "3", ifNoneMatch: "\"3\"")).StatusCode);
        var unchanged = new HttpRequestMessage(HttpMethod.Get, "/kv/a");
        unchanged.Headers.TryAddWithoutValidation("If-None-Match", "\"3\"");
        Assert.Equal(HttpStatusCode.NotModified, (await doors.Http.SendAsync(unchanged)).StatusCode);
        var delete = new HttpRequestMessage(HttpMethod.Delete, "/kv/a");
        delete.Headers.TryAddWithoutValidation("If-Match", "\"1\"");
        Assert.Equal(HttpStatusCode.PreconditionFailed, (await doors.Http.SendAsync(delete)).StatusCode);
    }

    [Fact]
    public async Task A_life_is_set_and_told()
    {
        await using var doors = await Doors.OpenAsync();
        var put = await doors.Http.PutAsync("/kv/a?ttl=1500", new StringContent("v"));
        Assert.Equal("2030-01-01T00:00:01.500Z", Assert.Single(put.Headers.GetValues("X-Expires-At")));
        Assert.Equal("2030-01-01T00:00:01.500Z", Assert.Single((await doors.Http.GetAsync("/kv/a")).Headers.GetValues("X-Expires-At")));
        doors.Clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(HttpStatusCode.NotFound, (await doors.Http.GetAsync("/kv/a")).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await doors.Http.PutAsync("/kv/a?ttl=0", new StringContent("v"))).StatusCode);
    }

    [Fact]
    public async Task A_repeated_request_with_its_name_takes_effect_once()
    {
        await using var doors = await Doors.OpenAsync();
        Assert.Equal(new IncrementView(5, 1), await IncrementAsync(doors, "?by=5", "once"));
        Assert.Equal(new IncrementView(5, 1), await IncrementAsync(doors, "?by=5", "once"));
        Assert.Equal(new IncrementView(6, 2), await IncrementAsync(doors, "", "twice"));
        Assert.Equal(new IncrementView(7, 3), await IncrementAsync(doors, "", null));
        Assert.Equal(HttpStatusCode.BadRequest, (await SendIncrementAsync(doors, "", new string('x', 256))).StatusCode);
    }

    [Fact]
    public async Task Increment_refuses_what_is_no_number()
    {
        await using var doors = await Doors.OpenAsync();
        await doors.Http.PutAsync("/kv/a", new StringContent("abc"));
        await AssertErrorAsync(await doors.Http.PostAsync("/kv/a/increment", null), HttpStatusCode.Conflict, "NotAnInteger", "the key's value is not a whole number of 64 bits");
        await doors.Http.PutAsync("/kv/a", new StringContent("9223372036854775807"));
        await AssertErrorAsync(await doors.Http.PostAsync("/kv/a/increment", null), HttpStatusCode.Conflict, "Overflow", "the sum does not fit into 64 bits");
        Assert.Equal(HttpStatusCode.BadRequest, (await doors.Http.PostAsync("/kv/a/increment?by=x", null)).StatusCode);
        await AssertErrorAsync(await doors.Http.PostAsync("/kv/c/increment", new StringContent("""{"by":5}""")), HttpStatusCode.BadRequest, "BadRequest", "this takes no body, and nothing was done: write ?by=NUMBER");
        Assert.Equal(HttpStatusCode.NotFound, (await doors.Http.GetAsync("/kv/c")).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await doors.Http.PostAsync("/kv/c/cas", new StringContent("""{"expcted":"1","value":"2"}"""))).StatusCode);
    }

    [Fact]
    public async Task Compare_and_set_swaps_only_what_was_expected()
    {
        await using var doors = await Doors.OpenAsync();
        Assert.Equal((HttpStatusCode.OK, new CompareAndSetView(true, 1)), await CompareAndSetAsync(doors, new CompareAndSetRequest(null, "1")));
        Assert.Equal((HttpStatusCode.PreconditionFailed, new CompareAndSetView(false, 1, "1")), await CompareAndSetAsync(doors, new CompareAndSetRequest(null, "2")));
        Assert.Equal((HttpStatusCode.OK, new CompareAndSetView(true, 2)), await CompareAndSetAsync(doors, new CompareAndSetRequest("1", "2")));
        Assert.Equal((HttpStatusCode.OK, new CompareAndSetView(true, 3)), await CompareAndSetAsync(doors, new CompareAndSetRequest("Mg==", "/w==", Base64: true)));
        Assert.Equal((HttpStatusCode.PreconditionFailed, new CompareAndSetView(false, 3, "/w==")), await CompareAndSetAsync(doors, new CompareAndSetRequest("Mg==", "AA==", Base64: true)));
        foreach (var body in new[] { "", "null", "{", "{\"expected\":\"a\"}", "{\"value\":\"!\",\"base64\":true}", "[1]" })
        {
            Assert.Equal(HttpStatusCode.BadRequest, (await doors.Http.PostAsync("/kv/a/cas", new StringContent(body, Encoding.UTF8, "application/json"))).StatusCode);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_scan_goes_through_all_keys_in_byte_order_also_when_shards_stop_early(bool early)
    {
        await using var doors = await Doors.OpenAsync();
        doors.Store.ScanBound = early ? shard => (uint)shard + 1 : null;
        for (var i = 0; i < 25; i++)
        {
            await doors.Http.PutAsync($"/kv/key%FF{i:00}", new StringContent("v"));
        }

        await doors.Http.PutAsync("/kv/other", new StringContent("v"));
        var seen = new List<string>();
        var after = "";
        do
        {
            var page = (await doors.Http.GetFromJsonAsync<ScanView>($"/kv?prefix=key%FF&limit=10{after}"))!;
            seen.AddRange(page.Entries.Select(entry => entry.Path));
            after = page.Next is null ? "" : "&after=" + page.Next;
        }
        while (after.Length > 0);

        Assert.Equal(Enumerable.Range(0, 25).Select(i => $"key%FF{i:00}"), seen);
        Assert.Equal("v", await doors.Http.GetStringAsync("/kv/" + seen[3]));
    }

    [Fact]
    public async Task A_value_over_the_limit_is_413_and_the_largest_fits()
    {
        await using var doors = await Doors.OpenAsync();
        Assert.Equal(HttpStatusCode.NoContent, (await doors.Http.PutAsync("/kv/a", new ByteArrayContent(new byte[KvLimits.MaxValueBytes]))).StatusCode);
        await AssertErrorAsync(await doors.Http.PutAsync("/kv/a", new ByteArrayContent(new byte[KvLimits.MaxValueBytes + 1])), HttpStatusCode.RequestEntityTooLarge, "TooLarge", "a value is at most 8388608 bytes long");
    }

    [Theory]
    [InlineData(ErrorCode.Unavailable, 503)]
    [InlineData(ErrorCode.Overloaded, 503)]
    [InlineData(ErrorCode.StorageUnavailable, 503)]
    [InlineData(ErrorCode.OutcomeUnknown, 504)]
    [InlineData(ErrorCode.Forbidden, 403)]
    [InlineData(ErrorCode.BadRequest, 400)]
    public async Task A_store_that_does_not_serve_is_told_by_status(ErrorCode code, int status)
    {
        await using var doors = await Doors.OpenAsync();
        doors.Store.Before = _ => Task.FromResult<ClusterError?>(new ClusterError(code, "why"));
        var response = await doors.Http.GetAsync("/kv/a");
        Assert.Equal(status == 503 ? "1" : null, response.Headers.RetryAfter?.ToString());
        await AssertErrorAsync(response, (HttpStatusCode)status, code.ToString(), "why");
    }

    [Fact]
    public async Task A_store_that_throws_is_500_and_the_node_goes_on()
    {
        await using var doors = await Doors.OpenAsync();
        doors.Store.Before = _ => throw new InvalidOperationException("a bug");
        Assert.Equal(HttpStatusCode.InternalServerError, (await doors.Http.GetAsync("/kv/a")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await doors.Http.GetAsync("/alive")).StatusCode);
    }

    [Fact]
    public async Task Reads_ask_for_the_consistency_that_is_given()
    {
        await using var doors = await Doors.OpenAsync();
        foreach (var query in new[] { "", "?consistency=lease", "?consistency=stale", "?consistency=linearizable" })
        {
            await doors.Http.GetAsync("/kv/a" + query);
        }

        Assert.Equal([ReadConsistency.Linearizable, ReadConsistency.Lease, ReadConsistency.Stale, ReadConsistency.Linearizable], doors.Store.Consistencies);
    }

    internal static async Task AssertErrorAsync(HttpResponseMessage response, HttpStatusCode status, string error, string message)
    {
        Assert.Equal(status, response.StatusCode);
        Assert.Equal(new ErrorView(error, message), await response.Content.ReadFromJsonAsync<ErrorView>());
    }

    private static Task<HttpResponseMessage> PutAsync(Doors doors, string key, string value, string? ifMatch = null, string? ifNoneMatch = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Put, "/kv/" + key) { Content = new StringContent(value) };
        if (ifMatch is not null)
        {
            request.Headers.TryAddWithoutValidation("If-Match", ifMatch);
        }

        if (ifNoneMatch is not null)
        {
            request.Headers.TryAddWithoutValidation("If-None-Match", ifNoneMatch);
        }

        return doors.Http.SendAsync(request);
    }

    private static Task<HttpResponseMessage> SendIncrementAsync(Doors doors, string query, string? name)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/kv/n/increment" + query);
        if (name is not null)
        {
            request.Headers.TryAddWithoutValidation("Idempotency-Key", name);
        }

        return doors.Http.SendAsync(request);
    }

    private static async Task<IncrementView?> IncrementAsync(Doors doors, string query, string? name) =>
        await (await SendIncrementAsync(doors, query, name)).Content.ReadFromJsonAsync<IncrementView>();

    private static async Task<(HttpStatusCode, CompareAndSetView?)> CompareAndSetAsync(Doors doors, CompareAndSetRequest body)
    {
        var response = await doors.Http.PostAsJsonAsync("/kv/a/cas", body);
        return (response.StatusCode, await response.Content.ReadFromJsonAsync<CompareAndSetView>());
    }
}
