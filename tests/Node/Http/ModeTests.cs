using System.Net;
using System.Net.Http.Json;
using System.Text;
using Cluster.Node.Tests.Support;

namespace Cluster.Node.Tests.Http;

/// <summary>The modes' operations over HTTP, in front of modes that answer with what they were asked.</summary>
public class ModeTests
{
    [Fact]
    public async Task The_list_names_every_mode_with_what_it_can_be_asked()
    {
        await using var doors = await Doors.OpenAsync();
        var modes = await doors.Http.GetStringAsync("/modes", Cancellation);

        Assert.Contains("\"slug\":\"leader-election\"", modes, StringComparison.Ordinal);
        Assert.Contains("\"name\":\"take\"", modes, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_operation_has_a_route_of_its_own_and_a_read_is_a_GET()
    {
        await using var doors = await Doors.OpenAsync();

        using var taken = await doors.Http.PostAsync("/modes/leader-election/take", null, Cancellation);
        Assert.Equal("\"leader-election: take()\"", await taken.Content.ReadAsStringAsync(Cancellation));
        Assert.Equal("\"leader-election: who()\"", await doors.Http.GetStringAsync("/modes/leader-election/who", Cancellation));
        using var read = await doors.Http.PostAsync("/modes/leader-election/who", null, Cancellation);
        Assert.Equal(HttpStatusCode.NotFound, read.StatusCode);
    }

    [Theory]
    [InlineData("/modes/leader-election/take?speed=fast", null, "unknown query parameter 'speed': this takes none")]
    [InlineData("/modes/leader-election/take", "{\"speed\":\"fast\"}", "unknown argument 'speed': take takes none")]
    [InlineData("/modes/lock/acquire", "{\"name\":[1]}", "name is a JSON array: write a text or a number")]
    [InlineData("/modes/lock/acquire", "{\"name\":{}}", "name is a JSON object: write a text or a number")]
    [InlineData("/modes/lock/acquire", "{\"nosuch\":[{\"a\":", "unknown argument 'nosuch': acquire takes name, session")]
    [InlineData("/modes/lock/acquire", "{\"name\":\"a\\ud800\",\"session\":\"s\"}", "the body is not the JSON that this takes: a text in it is no UTF-8, or has half")]
    [InlineData("/modes/lock/acquire", "{\"\\udc00\":1}", "the body is not the JSON that this takes: a text in it is no UTF-8, or has half")]
    [InlineData("/modes/lock/acquire", "{\"name\":\"a\",\"session\":\"s\",\"name\":\"b\"}", "name stands in the body twice: give it once")]
    [InlineData("/modes/lock/acquire?name=a", "{\"name\":\"b\",\"session\":\"s\"}", "name stands in the query and in the body: give it once")]
    [InlineData("/modes/lock/acquire", "[1]", "the body is not the JSON that this takes: write an object")]
    [InlineData("/modes/lock/acquire", "{\"name\":\"a\",\"session\":\"s\"} {", "the body is not the JSON that this takes")]
    [InlineData("/modes/lock/acquire", "{\"name\":\"a\",\"session\":\"s\",}", "the body is not the JSON that this takes")]
    [InlineData("/modes/lock/renew?name=a&token=1%00", null, "token=1")]
    [InlineData("/modes/lock/renew?name=a&token=%2B1", null, "token=+1 is not a whole number")]
    [InlineData("/modes/lock/renew", "{\"name\":\"a\",\"token\":\"+1\"}", "token=+1 is not a whole number")]
    [InlineData("/modes/lock/acquire?name=a%ffb&session=s", null, "query parameter 'name' is no UTF-8: a%ffb")]
    [InlineData("/modes/lock/acquire?name=%c0%af&session=s", null, "query parameter 'name' is no UTF-8")]
    [InlineData("/modes/lock/acquire?name=%ed%a0%80&session=s", null, "query parameter 'name' is no UTF-8")]
    [InlineData("/modes/leader-election/take", "{", "the body is not the JSON that this takes")]
    public async Task Bad_input_is_a_400_that_says_what_is_allowed(string path, string? body, string why)
    {
        await using var doors = await Doors.OpenAsync();
        using var content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json");

        using var response = await doors.Http.PostAsync(path, content, Cancellation);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.StartsWith(why, (await response.Content.ReadFromJsonAsync<Shared.Http.ErrorView>(Cancellation))!.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("POST /modes/lock/acquire?name=%zz&session=s", "content-length: 0\r\n\r\n", "'%zz' is not a percent-encoded byte")]
    [InlineData("POST /modes/lock/acquire?session=s&name=a%", "content-length: 0\r\n\r\n", "'%' is not a percent-encoded byte")]
    [InlineData("POST /modes/lock/acquire?name=a&session=s", "transfer-encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFF\r\n", "the body cannot be read")]
    [InlineData("PUT /kv/a", "transfer-encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFF\r\n", "the body cannot be read")]
    public async Task What_no_client_library_would_send_is_a_400(string line, string rest, string why)
    {
        await using var doors = await Doors.OpenAsync();
        using var client = new System.Net.Sockets.TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, doors.Ports.Http.Port, Cancellation);
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes($"{line} HTTP/1.1\r\nhost: a\r\nconnection: close\r\n{rest}"), Cancellation);
        using var reader = new StreamReader(client.GetStream());

        var answer = await reader.ReadToEndAsync(Cancellation);

        Assert.StartsWith("HTTP/1.1 400", answer, StringComparison.Ordinal);
        Assert.Contains(why.Replace("'", "\\u0027", StringComparison.Ordinal), answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Bytes_that_are_no_text_are_a_400_in_a_body_too()
    {
        await using var doors = await Doors.OpenAsync();
        using var content = new ByteArrayContent([.. "{\"name\":\"a"u8, 0xFF, .. "\",\"session\":\"s\"}"u8]) { Headers = { ContentType = new("application/json") } };

        using var response = await doors.Http.PostAsync("/modes/lock/acquire", content, Cancellation);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Empty(doors.Modes.Asked);
    }

    [Fact]
    public async Task Arguments_in_a_body_are_those_of_the_query_whatever_their_kind_in_JSON()
    {
        await using var doors = await Doors.OpenAsync();
        using var content = new StringContent("\uFEFF {\"name\":\"a\\u0022\",\"token\":7,\"lease\":null}", Encoding.UTF8, "application/json");

        using var response = await doors.Http.PostAsync("/modes/lock/renew", content, Cancellation);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("lock: renew(name=a\", token=7, lease=10s)", Assert.Single(doors.Modes.Asked));
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData(null)]
    public async Task A_body_that_is_not_labelled_JSON_is_refused_and_not_passed_over(string? label)
    {
        await using var doors = await Doors.OpenAsync();
        using var content = new ByteArrayContent("{\"lease\":\"50ms\"}"u8.ToArray());
        content.Headers.ContentType = label is null ? null : new(label);

        using var response = await doors.Http.PostAsync("/modes/lock/acquire?name=j&session=s", content, Cancellation);

        Assert.Equal(HttpStatusCode.UnsupportedMediaType, response.StatusCode);
        Assert.Contains("-H 'Content-Type: application/json'", (await response.Content.ReadFromJsonAsync<Shared.Http.ErrorView>(Cancellation))!.Message, StringComparison.Ordinal);
        Assert.Empty(doors.Modes.Asked);
        using var empty = new ByteArrayContent([]);
        Assert.Equal(HttpStatusCode.OK, (await doors.Http.PostAsync("/modes/lock/acquire?name=j&session=s", empty, Cancellation)).StatusCode);
    }

    [Fact]
    public async Task A_read_takes_no_body_and_an_operation_without_arguments_none()
    {
        await using var doors = await Doors.OpenAsync();
        using var read = new HttpRequestMessage(HttpMethod.Get, "/modes/lock/show?name=a") { Content = JsonContent.Create(new { name = "b" }) };

        Assert.Equal(HttpStatusCode.BadRequest, (await doors.Http.SendAsync(read, Cancellation)).StatusCode);
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, (await doors.Http.PostAsync("/modes/leader-election/take", new StringContent("x"), Cancellation)).StatusCode);
        Assert.Empty(doors.Modes.Asked);
    }

    [Theory]
    [InlineData("/modes/lock/acquire", 40_000, HttpStatusCode.RequestEntityTooLarge)]
    [InlineData("/modes/log-based/append", 1_000_000, HttpStatusCode.BadRequest)]
    [InlineData("/modes/log-based/append", 20_000_000, HttpStatusCode.RequestEntityTooLarge)]
    public async Task A_body_is_no_longer_than_its_arguments_can_be(string path, int bytes, HttpStatusCode status)
    {
        await using var doors = await Doors.OpenAsync();
        foreach (var isChunked in bytes < 1_000_000 ? new[] { false, true } : [false]) // Of a long one in chunks, a refusal may be lost on the way.
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent("{\"nosuch\":\"" + new string('x', bytes) + "\"}", Encoding.UTF8, "application/json") };
            request.Headers.TransferEncodingChunked = isChunked;
            request.Headers.ExpectContinue = true;

            using var response = await doors.Http.SendAsync(request, Cancellation);

            Assert.Equal(status, response.StatusCode);
        }
    }

    [Fact]
    public async Task The_first_member_that_is_not_taken_ends_the_reading()
    {
        await using var doors = await Doors.OpenAsync();
        using var content = new StringContent("{" + string.Join(',', Enumerable.Range(0, 1_500).Select(i => $"\"a{i}\":1")) + "}", Encoding.UTF8, "application/json");

        using var response = await doors.Http.PostAsync("/modes/lock/acquire", content, Cancellation);

        Assert.StartsWith("unknown argument 'a0'", (await response.Content.ReadFromJsonAsync<Shared.Http.ErrorView>(Cancellation))!.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GET", "/modes/lock/acquire?name=a")]
    [InlineData("GET", "/nosuch?name=%zz")]
    [InlineData("DELETE", "/cluster?x=1")]
    public async Task What_is_not_there_is_said_so_whatever_is_asked_of_it(string method, string path)
    {
        await using var doors = await Doors.OpenAsync();
        using var response = await doors.Http.SendAsync(new HttpRequestMessage(new HttpMethod(method), path), Cancellation);

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.StartsWith($"there is no {method} {path.Split('?')[0]}", (await response.Content.ReadFromJsonAsync<Shared.Http.ErrorView>(Cancellation))!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_operation_stands_in_the_description()
    {
        await using var doors = await Doors.OpenAsync();
        var description = await doors.Http.GetStringAsync("/openapi/v1.json", Cancellation);

        Assert.All(
            Modes.ModeCatalog.All.SelectMany(mode => mode.Parts.Operations.Select(operation => $"\"/modes/{mode.Slug}/{operation.Name}\"")),
            route => Assert.Contains(route, description, StringComparison.Ordinal));
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;
}
