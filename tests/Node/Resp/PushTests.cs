using Cluster.Node.Resp;
using Cluster.Node.Resp.Protocol;
using Cluster.Node.Tests.Support;

namespace Cluster.Node.Tests.Resp;

/// <summary>RESP3 pushes: told out of turn, between replies, and never to who does not speak RESP3.</summary>
public sealed class PushTests
{
    [Fact]
    public async Task Events_are_pushed_as_they_happen_and_replies_go_on_between_them()
    {
        await using var doors = await Doors.OpenAsync();
        await using var client = await doors.ConnectAsync();
        Tell(doors, "before");
        await client.SendRawAsync("HELLO 3\r\nCLIENT EVENTS ON\r\n");
        Assert.StartsWith("%{", await client.ReadAsync(), StringComparison.Ordinal);
        Assert.Equal("+OK", await client.ReadAsync());
        Tell(doors, "first");
        Assert.Equal(">[\"cluster-event\", :2, :0, \"n1\", \"MemberChanged\", \"first\"]", await client.ReadAsync());
        Assert.Equal("+PONG", await client.SendAsync("PING"));
        Tell(doors, "second");
        Assert.Contains("second", await client.ReadAsync(), StringComparison.Ordinal);
        Assert.Equal("+OK", await client.SendAsync("CLIENT", "EVENTS", "OFF"));
        Tell(doors, "third");
        Assert.Equal("+PONG", await client.SendAsync("PING"));
    }

    [Fact]
    public async Task Who_comes_back_is_told_what_it_missed()
    {
        await using var doors = await Doors.OpenAsync();
        await using var client = await doors.ConnectAsync();
        Tell(doors, "first");
        Tell(doors, "second");
        await client.SendAsync("HELLO", "3");
        await client.SendRawAsync("CLIENT EVENTS ON AFTER 1\r\n");
        string[] both = [await client.ReadAsync(), await client.ReadAsync()];
        Assert.Contains("+OK", both);
        Assert.Contains(both, reply => reply.Contains("second", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Nothing_is_pushed_to_a_connection_of_RESP2()
    {
        await using var doors = await Doors.OpenAsync();
        await using var client = await doors.ConnectAsync();
        Assert.Equal("-ERR events are pushed, and only RESP3 has pushes: say HELLO 3 first", await client.SendAsync("CLIENT", "EVENTS", "ON"));
        await client.SendAsync("HELLO", "3");
        Assert.Equal("+OK", await client.SendAsync("CLIENT", "EVENTS", "ON"));
        Assert.StartsWith("[", await client.SendAsync("HELLO", "2"), StringComparison.Ordinal);
        Tell(doors, "unheard");
        Assert.Equal("+PONG", await client.SendAsync("PING"));
        await client.SendAsync("HELLO", "3");
        Assert.Equal("+PONG", await client.SendAsync("PING"));
        Assert.Equal("-ERR syntax error", await client.SendAsync("CLIENT", "EVENTS", "SOON"));
        Assert.Equal("-ERR value is not an integer or out of range", await client.SendAsync("CLIENT", "EVENTS", "ON", "AFTER", "x"));
    }

    [Fact]
    public void What_finds_no_room_is_dropped_and_the_rest_keeps_its_order()
    {
        var pushes = new PushQueue(mostEvents: 2);
        var (first, second) = (RespValue.Push(RespValue.Bulk("1")), RespValue.Push(RespValue.Bulk("2")));
        Assert.Equal([true, true, false], [pushes.TryAdd(first), pushes.TryAdd(second), pushes.TryAdd(first)]);
        Assert.True(pushes.TryTake(confirmed: 0, out var taken));
        Assert.Same(first, taken.Value);
        Assert.True(pushes.TryTake(confirmed: 0, out taken));
        Assert.Same(second, taken.Value);
        Assert.False(pushes.TryTake(confirmed: 0, out _));
        Assert.True(pushes.TryAdd(first));
    }

    [Fact]
    public void A_message_waits_for_the_confirmation_made_before_it_and_for_no_other()
    {
        var pushes = new PushQueue(mostEvents: 2);
        var (early, late) = (RespValue.Bulk("early"), RespValue.Bulk("late"));
        pushes.AddMessage(early);
        Assert.Equal(1, pushes.NextConfirmation());
        pushes.AddMessage(late);
        Assert.True(pushes.TryTake(confirmed: 0, out var taken));
        Assert.Same(early, taken.Value);
        Assert.False(pushes.TryTake(confirmed: 0, out _));
        Assert.True(pushes.TryTake(confirmed: 1, out taken));
        Assert.Same(late, taken.Value);
    }

    [Fact]
    public async Task Tracking_is_refused_with_its_reason()
    {
        await using var doors = await Doors.OpenAsync();
        await using var client = await doors.ConnectAsync();
        Assert.StartsWith("-ERR client-side caching is not served", await client.SendAsync("CLIENT", "TRACKING", "ON"), StringComparison.Ordinal);
        Assert.Equal("+OK", await client.SendAsync("CLIENT", "TRACKING", "OFF"));
        Assert.Equal("-ERR syntax error", await client.SendAsync("CLIENT", "TRACKING", "MAYBE"));
        Assert.Equal("-ERR syntax error", await client.SendAsync("CLIENT", "TRACKING", "OFF", "FOO"));
        Assert.Equal("-ERR syntax error", await client.SendAsync("CLIENT", "TRACKING", "ON", "PREFIX"));
        Assert.Equal("-ERR syntax error", await client.SendAsync("CLIENT", "TRACKING", "MAYBE", "OPTIN"));
        Assert.Equal("-ERR value is not an integer or out of range", await client.SendAsync("CLIENT", "TRACKING", "OFF", "REDIRECT", "x"));
        Assert.Equal("-ERR The client ID you want redirect to does not exist", await client.SendAsync("CLIENT", "TRACKING", "OFF", "REDIRECT", "999"));
        Assert.Equal("+OK", await client.SendAsync("CLIENT", "TRACKING", "OFF", "BCAST", "PREFIX", "a", "optin", "OPTOUT", "NOLOOP"));
        Assert.Equal("[\"flags\", [\"off\"], \"redirect\", :-1, \"prefixes\", []]", await client.SendAsync("CLIENT", "TRACKINGINFO"));
    }

    private static void Tell(Doors doors, string text) => doors.Status.Tell(text);
}
