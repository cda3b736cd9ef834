using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Cluster.Engine.Remoting;
using Cluster.Shared.Ids;

namespace Cluster.Engine.Tests.Remoting;

/// <summary>Whatever a stranger or a broken peer sends, it loses its own connection and nothing else happens.</summary>
public sealed class TcpHostilePeers
{
    private static readonly byte[] Magic = [0x8C, (byte)'L', (byte)'A', (byte)'B', 0x0D, 0x0A, 0x1A, 0x0A];

    [Theory]
    [InlineData("GET / HTTP/1.1\r\nHost: x\r\n\r\n", "looks like HTTP")]
    [InlineData("*1\r\n$4\r\nPING\r\n", "looks like a Redis client")]
    [InlineData("\u0016\u0003\u0001\u0002", "it speaks TLS")]
    [InlineData("hello?", "does not speak this protocol")]
    public async Task A_client_of_another_protocol_is_closed_and_the_log_says_so(string sent, string said)
    {
        await using var world = new TcpWorld();
        var one = await world.AddAsync("n1");
        Assert.True(await IsClosedAfterAsync(one.Address, Encoding.Latin1.GetBytes(sent)));
        await world.UntilAsync(() => world.Log.Lines.Any(line => line.StartsWith("Warning", StringComparison.Ordinal) && line.Contains(said, StringComparison.Ordinal)), "a log line names the cause");
    }

    [Fact]
    public async Task A_stranger_that_stays_silent_is_closed_after_the_handshake_timeout()
    {
        await using var world = new TcpWorld();
        var one = await world.AddAsync("n1");
        Assert.True(await IsClosedAfterAsync(one.Address, []));
        Assert.Contains(world.Log.Lines, line => line.Contains("no handshake within", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_header_of_billions_before_the_handshake_is_closed_at_once()
    {
        await using var world = new TcpWorld();
        var one = await world.AddAsync("n1");
        Assert.True(await IsClosedAfterAsync(one.Address, [.. Magic, 0xFF, 0xFF, 0xFF, 0xFF, 0, 1]));
        Assert.Contains(world.Log.Lines, line => line.Contains("4,294,967,295 bytes, over the bound of 65,536", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Random_bytes_and_cut_off_frames_never_end_the_listener()
    {
        await using var world = new TcpWorld();
        var one = await world.AddAsync("n1");
        var random = new Random(20_260_101);
        for (var i = 0; i < 150; i++)
        {
            var noise = new byte[random.Next(1, 400)];
            random.NextBytes(noise);
            if (i % 3 == 0)
            {
                // Past the magic, so that the frame reader and the parser get their share.
                Magic.CopyTo(noise.AsSpan(0, Math.Min(8, noise.Length)));
            }

            if (i % 3 == 0 && noise.Length > 14)
            {
                BinaryPrimitives.WriteUInt32LittleEndian(noise.AsSpan(8), (uint)random.Next(0, noise.Length));
                noise[12] = 0;
                noise[13] = 1;
            }

            await SendAndCloseAsync(one.Address, noise);
        }

        var two = await world.AddAsync("n2");
        await world.LinkAsync(two, one);
        two.SendTo(one, 1);
        await world.UntilAsync(() => one.Count == 1, "a real peer is served");
        Assert.Single(one.Events);
    }

    [Theory]
    [InlineData(new byte[] { 0xFF, 0xFF, 0xFF, 0x7F, 3, 0 }, "2,147,483,647 bytes, over the bound of 16,777,216")]
    [InlineData(new byte[] { 0, 0, 0, 0, 99, 0 }, "channel 99")]
    [InlineData(new byte[] { 0, 0, 0, 0, 0, 2 }, "channel 0")]
    [InlineData(new byte[] { 0, 0, 0, 0, 3, 7 }, "flags 7")]
    public async Task A_peer_that_breaks_the_frame_format_loses_its_link_with_a_reason(byte[] frame, string said)
    {
        await using var world = new TcpWorld();
        var one = await world.AddAsync("n1");
        using var peer = await RawPeer.LinkAsync(one.Address, "n9");
        await world.UntilAsync(() => one.Events.OfType<LinkUp>().Any(), "the raw peer is linked");
        await peer.SendAsync(frame);
        await world.UntilAsync(() => one.Events.OfType<LinkDown>().Any(), "the link is closed");
        var down = one.Events.OfType<LinkDown>().First();
        Assert.Equal(LinkDownCause.ProtocolError, down.Cause);
        Assert.Contains(said, down.Reason, StringComparison.Ordinal);
        Assert.Contains(world.Log.Lines, line => line.StartsWith("Warning", StringComparison.Ordinal) && line.Contains("n9", StringComparison.Ordinal) && line.Contains(said, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_frame_cut_off_by_the_end_of_the_connection_is_not_delivered()
    {
        await using var world = new TcpWorld();
        var one = await world.AddAsync("n1");
        using (var peer = await RawPeer.LinkAsync(one.Address, "n9"))
        {
            await peer.SendAsync([10, 0, 0, 0, 3, 0, 1, 2, 3]);
        }

        await world.UntilAsync(() => one.Events.OfType<LinkDown>().Any(), "the link is down");
        Assert.Equal(0, one.Count);
    }

    [Fact]
    public async Task A_peer_that_never_reads_fills_the_bound_and_no_more()
    {
        await using var world = new TcpWorld();
        var options = TransportWorld.Quick with { MaxFrameBytes = 1 << 20, InteractivePendingBytes = 4 << 20, BulkPendingBytes = 1 << 20 };
        var one = await world.AddAsync(new TransportWorld.NodeSetup("n1") { Options = options });
        using var peer = await RawPeer.LinkAsync(one.Address, "n9");
        await world.UntilAsync(() => one.IsLinkedTo(peer.Address), "the raw peer is linked");
        var frame = TestNode.Numbered(0, 60_000);
        await world.UntilAsync(() => !one.Transport.Send(peer.Address, Channel.Actor, frame) && one.LinkTo(peer.Address).PendingBytes > (3 << 20), "back-pressure is felt");
        var status = one.LinkTo(peer.Address);
        Assert.InRange(status.PendingBytes, 3 << 20, 4 << 20);
        Assert.True(status.Dropped[DropReason.PendingFull] > 0);
        Assert.True(status.Up);
    }

    [Fact]
    public async Task A_peer_that_lost_its_connection_unnoticed_gets_a_new_one()
    {
        await using var world = new TcpWorld();
        var one = await world.AddAsync("n1");
        using var first = await RawPeer.LinkAsync(one.Address, "n9", dial: 1);
        await world.UntilAsync(() => one.Events.OfType<LinkUp>().Any(), "the first is up");
        using var second = await RawPeer.LinkAsync(one.Address, "n9", dial: 2, address: first.Address);
        await world.UntilAsync(() => one.Events.OfType<LinkUp>().Count() == 2, "the second has replaced it");
        Assert.Equal(["LinkUp", "LinkDown", "LinkUp"], one.Story);
        await Assert.ThrowsAnyAsync<Exception>(() => RawPeer.LinkAsync(one.Address, "n9", dial: 2, address: first.Address));
        Assert.True(one.IsLinkedTo(first.Address));
    }

    [Fact]
    public async Task Too_many_strangers_at_once_are_turned_away()
    {
        await using var world = new TcpWorld();
        var one = await world.AddAsync(new TransportWorld.NodeSetup("n1") { Options = TransportWorld.Quick with { MaxPendingHandshakes = 3, HandshakeTimeout = TimeSpan.FromSeconds(20) } });
        var strangers = Enumerable.Range(0, 4).Select(_ => new TcpClient()).ToList();
        foreach (var stranger in strangers)
        {
            try
            {
                await stranger.ConnectAsync(IPAddress.Parse(one.Address.Host), one.Address.Port);
            }
            catch (SocketException)
            {
                // Turned away so fast that its own connect saw the reset.
            }
        }

        await world.UntilAsync(() => world.Log.Lines.Any(line => line.Contains("3 handshakes are under way", StringComparison.Ordinal)), "the fourth is turned away");
        strangers.ForEach(stranger => stranger.Dispose());
    }

    private static async Task<TcpClient> ConnectAsync(NodeAddress to)
    {
        var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Parse(to.Host), to.Port);
        return client;
    }

    private static async Task SendAndCloseAsync(NodeAddress to, byte[] bytes)
    {
        using var client = await ConnectAsync(to);
        await client.GetStream().WriteAsync(bytes);
    }

    private static async Task<bool> IsClosedAfterAsync(NodeAddress to, byte[] bytes)
    {
        using var client = await ConnectAsync(to);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        try
        {
            await client.GetStream().WriteAsync(bytes, patience.Token);
            await client.GetStream().CopyToAsync(Stream.Null, patience.Token);
            return true;
        }
        catch (IOException)
        {
            return true;
        }
    }
}
