using System.Text;
using Cluster.Node.Resp;
using Cluster.Node.Tests.Support;
using Cluster.Shared.KeyValue;
using Cluster.Shared.Patterns;

namespace Cluster.Node.Tests.Resp;

/// <summary>Bytes that are no RESP, or too much of it: the error is told, that connection ends, the node and the others go on.</summary>
public sealed class MalformedInputTests
{
    [Fact]
    public async Task A_value_too_large_is_told_to_a_client_that_sends_it_whole_before_it_reads()
    {
        await using var doors = await Doors.OpenAsync();
        await using var client = await doors.ConnectAsync();
        var bytes = KvLimits.MaxValueBytes * 2;
        await client.SendRawAsync($"*3\r\n$3\r\nSET\r\n$3\r\nbig\r\n${bytes}\r\n{new string('x', bytes)}\r\n");
        Assert.Equal("-ERR Protocol error: invalid bulk length", await client.ReadAsync());
    }

    [Theory]
    [InlineData("*1048577\r\n", "invalid multibulk length")]
    [InlineData("*1000000000\r\n", "invalid multibulk length")]
    [InlineData("*9223372036854775807\r\n", "invalid multibulk length")]
    [InlineData("*99999999999999999999\r\n", "invalid multibulk length")]
    [InlineData("*x\r\n", "invalid multibulk length")]
    [InlineData("*01\r\n", "invalid multibulk length")]
    [InlineData("*1\n", "invalid multibulk length")]
    [InlineData("*1\r\n:1\r\n", "expected '$', got ':'")]
    [InlineData("*1\r\n\u0001", "expected '$', got '\\x01'")]
    [InlineData("*1\r\n$-1\r\n", "invalid bulk length")]
    [InlineData("*1\r\n$x\r\n", "invalid bulk length")]
    [InlineData("*1\r\n$999999999999\r\n", "invalid bulk length")]
    [InlineData("*1\r\n$4\r\nPINGxx", "expected CRLF after the bulk string")]
    [InlineData("*1111111111111111111111111111111111111111111111", "too big mbulk count string")]
    [InlineData("*1\r\n$1111111111111111111111111111111111111111111111", "too big bulk count string")]
    [InlineData("set \"a\r\n", "unbalanced quotes in request")]
    [InlineData("set \"a\"b c\r\n", "unbalanced quotes in request")]
    public async Task A_protocol_error_is_told_after_earlier_replies_and_ends_only_that_connection(string input, string error)
    {
        await using var doors = await Doors.OpenAsync();
        await using var other = await doors.ConnectAsync();
        await using var client = await doors.ConnectAsync();
        await client.SendRawAsync("PING\r\n" + input);
        Assert.Equal("+PONG", await client.ReadAsync());
        Assert.Equal("-ERR Protocol error: " + error, await client.ReadAsync());
        Assert.Equal("closed", await client.ReadAsync());
        Assert.Equal("+PONG", await other.SendAsync("PING"));
    }

    /// <summary>A web page may send such a request to any port, and its body is its own: a line of it must not be run as a command.</summary>
    [Theory]
    [InlineData("POST / HTTP/1.1\r\nHost: localhost:6379\r\nContent-Type: text/plain\r\n\r\nSET a stolen\r\n")]
    [InlineData("post /a HTTP/1.0\r\n\r\nSET a stolen\r\n")]
    [InlineData("HOST: localhost:6379\r\n\r\nSET a stolen\r\n")]
    public async Task A_request_of_HTTP_is_hung_up_on_without_an_answer_and_its_body_is_not_run(string request)
    {
        await using var doors = await Doors.OpenAsync();
        await using var other = await doors.ConnectAsync();
        await other.SendAsync("SET", "a", "kept");
        await using var page = await doors.ConnectAsync();
        await page.SendRawAsync(request);
        Assert.Equal("closed", await page.ReadAsync());
        Assert.Equal("\"kept\"", await other.SendAsync("GET", "a"));
        await using var put = await doors.ConnectAsync();
        await put.SendRawAsync("PUT / HTTP/1.1\r\nHost: localhost:6379\r\n\r\nSET a stolen\r\n");
        Assert.StartsWith("-ERR unknown command 'PUT'", await put.ReadAsync(), StringComparison.Ordinal);
        Assert.Equal("closed", await put.ReadAsync());
        Assert.Equal("\"kept\"", await other.SendAsync("GET", "a"));
    }

    [Fact]
    public async Task A_line_without_end_is_refused_at_64_KiB()
    {
        await using var doors = await Doors.OpenAsync();
        await using var client = await doors.ConnectAsync();
        await client.SendRawAsync(new string('a', (64 * 1024) + 1));
        Assert.Equal("-ERR Protocol error: too big inline request", await client.ReadAsync());
    }

    [Fact]
    public async Task A_whole_command_is_bounded_too()
    {
        await using var doors = await Doors.OpenAsync(resp: new RespOptions { MaxCommandBytes = 1000 });
        await using var client = await doors.ConnectAsync();
        await client.SendRawAsync(RespClient.Encode("MSET", "a", new string('x', 600), "b", new string('y', 600)));
        Assert.Equal("-ERR Protocol error: a command is at most 1000 bytes long", await client.ReadAsync());
    }

    [Fact]
    public async Task An_announced_array_costs_nothing_before_it_arrives()
    {
        await using var doors = await Doors.OpenAsync();
        await using var warm = await doors.ConnectAsync();
        await warm.SendAsync("PING");
        var before = GC.GetTotalAllocatedBytes(precise: true);
        await using var client = await doors.ConnectAsync();
        for (var i = 0; i < 50; i++)
        {
            await using var announcer = await doors.ConnectAsync();
            await announcer.SendRawAsync("*1048576\r\n$8000000\r\n");
        }

        Assert.Equal("+PONG", await client.SendAsync("PING"));
        Assert.InRange(GC.GetTotalAllocatedBytes(precise: true) - before, 0, 50_000_000);
    }

    [Fact]
    public async Task A_value_of_the_largest_size_fits_and_one_byte_more_is_refused_by_the_store_only()
    {
        await using var doors = await Doors.OpenAsync();
        await using var client = await doors.ConnectAsync();
        var largest = new string('x', KvLimits.MaxValueBytes);
        Assert.Equal("+OK", await client.SendAsync("SET", "a", largest));
        Assert.Equal($":{KvLimits.MaxValueBytes}", await client.SendAsync("STRLEN", "a"));
        Assert.Equal($"-ERR the value is {KvLimits.MaxValueBytes + 1} bytes long, the longest allowed is {KvLimits.MaxValueBytes}", await client.SendAsync("SET", "a", largest + "y"));
        Assert.Equal("-ERR the key is 65537 bytes long, the longest allowed is 65536", await client.SendAsync("SET", new string('k', 65537), "v"));
        Assert.Equal("+PONG", await client.SendAsync("PING"));
    }

    [Fact]
    public async Task Any_bytes_leave_the_server_alive()
    {
        await using var doors = await Doors.OpenAsync();
        var random = new Random(20301);
        byte[] seed = [.. RespClient.Encode("SET", "k", "v", "EX", "10"), .. RespClient.Encode("SCAN", "0", "COUNT", "5"), .. "PING\r\n"u8, .. RespClient.Encode("HELLO", "3"), .. RespClient.Encode("MGET", "a", "b")];
        for (var round = 0; round < 300; round++)
        {
            var bytes = (byte[])seed.Clone();
            for (var mutations = random.Next(1, 6); mutations > 0; mutations--)
            {
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            }

            await using var client = await doors.ConnectAsync();
            await client.SendRawAsync(bytes.AsMemory(0, random.Next(1, bytes.Length + 1)));
            if (round % 3 == 0)
            {
                continue; // Gone in the middle of a command.
            }

            client.EndSending();
            while (await client.ReadAsync() != "closed")
            {
            }
        }

        await using var last = await doors.ConnectAsync();
        Assert.Equal("+PONG", await last.SendAsync("PING"));
    }

    [Fact]
    public async Task Before_the_password_nothing_is_served_and_little_is_taken()
    {
        await using var doors = await Doors.OpenAsync(password: "secret");
        await using var client = await doors.ConnectAsync();
        Assert.Equal("-NOAUTH Authentication required.", await client.SendAsync("GET", "a"));
        Assert.Equal("-NOAUTH Authentication required.", await client.SendAsync("PING"));
        Assert.StartsWith("-NOAUTH HELLO must be called", await client.SendAsync("HELLO", "3"), StringComparison.Ordinal);
        Assert.Equal("-WRONGPASS invalid username-password pair or user is disabled.", await client.SendAsync("AUTH", "wrong"));
        Assert.Equal("+OK", await client.SendAsync("AUTH", "secret"));
        Assert.Equal("nil", await client.SendAsync("GET", "a"));
        Assert.Equal("+RESET", await client.SendAsync("RESET"));
        Assert.Equal("-NOAUTH Authentication required.", await client.SendAsync("GET", "a"));
        Assert.StartsWith("%{", await client.SendAsync("HELLO", "3", "AUTH", "default", "secret"), StringComparison.Ordinal);

        await using var greedy = await doors.ConnectAsync();
        await greedy.SendRawAsync("*11\r\n");
        Assert.Equal("-ERR Protocol error: unauthenticated multibulk length", await greedy.ReadAsync());
        await using var greedier = await doors.ConnectAsync();
        await greedier.SendRawAsync("*1\r\n$16385\r\n");
        Assert.Equal("-ERR Protocol error: unauthenticated bulk length", await greedier.ReadAsync());
    }

    [Fact]
    public async Task Connections_over_the_bound_are_told_so_and_a_place_given_back_is_taken_again()
    {
        await using var doors = await Doors.OpenAsync(resp: new RespOptions { MaxConnections = 1 });
        await using (var first = await doors.ConnectAsync())
        {
            Assert.Equal("+PONG", await first.SendAsync("PING"));
            await using var second = await doors.ConnectAsync();
            Assert.Equal("-ERR max number of clients reached", await second.ReadAsync());
            await first.SendAsync("QUIT");
            Assert.Equal("closed", await first.ReadAsync());
        }

        for (var attempt = 0; ; attempt++)
        {
            await using var third = await doors.ConnectAsync();
            if (await third.SendAsync("PING") == "+PONG")
            {
                break;
            }

            Assert.InRange(attempt, 0, 100);
        }
    }

    [Fact]
    public void A_hostile_glob_takes_no_longer_than_pattern_times_text()
    {
        var pattern = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("a*", 2000)) + "b");
        Assert.False(Glob.Matches(pattern, Encoding.ASCII.GetBytes(new string('a', 20_000))));
    }

    [Theory]
    [InlineData("*", "", true)]
    [InlineData("h?llo", "hello", true)]
    [InlineData("h?llo", "hllo", false)]
    [InlineData("h*llo", "heeeello", true)]
    [InlineData("h[ae]llo", "hillo", false)]
    [InlineData("h[^e]llo", "hallo", true)]
    [InlineData("h[a-b]llo", "hbllo", true)]
    [InlineData("h[b-a]llo", "hbllo", true)]
    [InlineData("\\*", "*", true)]
    [InlineData("\\*", "a", false)]
    [InlineData("a[", "a", false)]
    [InlineData("[a", "a", true)]
    [InlineData("[]]", "]", false)]
    [InlineData("[\\]]", "]", true)]
    [InlineData("*a*b", "xaxxb", true)]
    [InlineData("*a*b", "xaxxbc", false)]
    [InlineData("*a\\b", "xab", true)]
    [InlineData("*a\\*", "xa*", true)]
    [InlineData("*a\\*", "xab", false)]
    [InlineData("*\\", "x\\", true)]
    [InlineData("*[b", "xb", true)]
    [InlineData("*[a\\]b", "xb", true)]
    [InlineData("ab*b", "ab", false)]
    public void Globs_match_as_in_Redis(string pattern, string text, bool matches) =>
        Assert.Equal(matches, Glob.Matches(Encoding.ASCII.GetBytes(pattern), Encoding.ASCII.GetBytes(text)));
}
