using System.Net;
using Cluster.Node.Options;
using Cluster.Node.Security;
using Cluster.Node.Tests.Http;
using Cluster.Node.Tests.Support;

namespace Cluster.Node.Tests.Security;

/// <summary>Who is let in by password and token, and how those who guess are slowed down.</summary>
public sealed class AuthenticationTests
{
    private const string ClientToken = "client-token-0123456789";

    [Fact]
    public async Task With_a_client_token_only_health_is_open()
    {
        await using var doors = await Doors.OpenAsync(lab: true, configure: options => options with { ClientToken = ClientToken });
        foreach (var open in new[] { "/alive", "/ready" })
        {
            Assert.Equal(HttpStatusCode.OK, (await doors.AdminAsync(HttpMethod.Get, open, token: null)).StatusCode);
        }

        foreach (var closed in new[] { "/kv/a", "/kv", "/cluster", "/shards", "/metrics", "/admin/links" })
        {
            var refused = await doors.AdminAsync(HttpMethod.Get, closed, token: null);
            Assert.Equal((closed, HttpStatusCode.Unauthorized), (closed, refused.StatusCode));
            Assert.Equal("Bearer", refused.Headers.WwwAuthenticate.ToString());
        }

        foreach (var token in new[] { ClientToken, Doors.Token })
        {
            Assert.Equal(HttpStatusCode.OK, (await doors.AdminAsync(HttpMethod.Get, "/cluster", token: token)).StatusCode);
            Assert.Equal(HttpStatusCode.OK, (await doors.AdminAsync(HttpMethod.Get, "/metrics", token: token)).StatusCode);
        }
    }

    [Fact]
    public async Task The_client_token_opens_no_admin_operation()
    {
        await using var doors = await Doors.OpenAsync(lab: true, configure: options => options with { ClientToken = ClientToken });
        await KeyValueTests.AssertErrorAsync(
            await doors.AdminAsync(HttpMethod.Post, "/admin/members/n1/down", token: ClientToken), HttpStatusCode.Forbidden, "Forbidden", "this needs the admin token; the one given is for clients");
        Assert.Empty(doors.Status.Asked);
        Assert.Equal(HttpStatusCode.OK, (await doors.AdminAsync(HttpMethod.Get, "/admin/links")).StatusCode);
    }

    [Fact]
    public async Task Wrong_tokens_are_soon_not_judged_any_more_not_even_the_right_one()
    {
        await using var doors = await Doors.OpenAsync(lab: true);
        HttpResponseMessage last = null!;
        for (var i = 0; i < 200 && last?.StatusCode != HttpStatusCode.TooManyRequests; i++)
        {
            last = await doors.AdminAsync(HttpMethod.Get, "/admin/links", token: "wrong" + i);
        }

        Assert.Equal(HttpStatusCode.TooManyRequests, last!.StatusCode);
        Assert.Equal(TimeSpan.FromSeconds(1), last.Headers.RetryAfter!.Delta);
        Assert.Equal(HttpStatusCode.OK, (await doors.Http.GetAsync("/cluster")).StatusCode);
    }

    [Fact]
    public async Task A_connection_that_is_wrong_five_times_is_closed()
    {
        await using var doors = await Doors.OpenAsync(password: "secret");
        await using var client = await doors.ConnectAsync();
        for (var i = 0; i < 5; i++)
        {
            Assert.StartsWith("-WRONGPASS", i % 2 == 0 ? await client.SendAsync("AUTH", "wrong") : await client.SendAsync("HELLO", "3", "AUTH", "default", "wrong"), StringComparison.Ordinal);
        }

        Assert.Equal("closed", await client.ReadAsync());
        await using var next = await doors.ConnectAsync();
        Assert.StartsWith("-WRONGPASS", await next.SendAsync("AUTH", "someone", "secret"), StringComparison.Ordinal);
        Assert.Equal("+OK", await next.SendAsync("AUTH", "default", "secret"));
    }

    [Fact]
    public void An_address_that_was_wrong_too_often_waits_and_others_do_not()
    {
        var clock = new SteppedClock();
        var failures = new FailedAuthentications(clock);
        for (var i = 0; i < FailedAuthentications.AtOnce; i++)
        {
            Assert.Null(failures.WaitOf("10.0.0.1"));
            failures.Count("10.0.0.1");
        }

        Assert.Equal(TimeSpan.FromSeconds(0.5), failures.WaitOf("10.0.0.1"));
        Assert.Null(failures.WaitOf("10.0.0.2"));
        clock.Now += TimeSpan.FromSeconds(0.5).Ticks;
        Assert.Null(failures.WaitOf("10.0.0.1"));
        failures.Count("10.0.0.1");
        Assert.NotNull(failures.WaitOf("10.0.0.1"));
    }

    [Fact]
    public void So_many_addresses_at_once_are_forgotten_again_and_take_bounded_room()
    {
        var failures = new FailedAuthentications(new SteppedClock());
        for (var i = 0; i < 10_000; i++)
        {
            failures.Count("10.0." + i);
        }

        Assert.NotNull(failures.WaitOf("10.1.1.1"));
        Assert.Null(failures.WaitOf("10.0.1"));
    }

    [Theory]
    [InlineData("127.0.0.1", null)]
    [InlineData("10.0.0.5", "this node listens on 10.0.0.5, not on loopback alone; whoever reaches it can join the cluster as a node (no --tls-cert), read and write keys by the Redis protocol")]
    public void Listening_beyond_this_machine_without_protection_is_warned_of(string listens, string? said)
    {
        var words = Exposure.Describe(new NodeOptions(), IPAddress.Parse(listens));
        Assert.Equal(said is null, words is null);
        Assert.StartsWith(said ?? "", words ?? "", StringComparison.Ordinal);
        var closed = new NodeOptions { TlsCert = "c", TlsKey = "k", TlsCa = "a", HttpTls = true, RespTls = true, RespPassword = "p", ClientToken = ClientToken };
        Assert.Null(Exposure.Describe(closed, IPAddress.Parse(listens)));
    }

    private sealed class SteppedClock : TimeProvider
    {
        public long Now { get; set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Now;
    }
}
