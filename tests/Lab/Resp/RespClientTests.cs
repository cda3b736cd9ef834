using System.Net;
using System.Net.Sockets;
using System.Text;
using Cluster.Lab.Resp;

namespace Cluster.Lab.Tests.Resp;

public class RespClientTests
{
    [Fact]
    public async Task Pipelined_requests_get_their_replies_in_order()
    {
        using var server = new TcpListener(IPAddress.Loopback, 0);
        server.Start();
        await using var client = await RespClient.ConnectAsync("127.0.0.1", ((IPEndPoint)server.LocalEndpoint).Port, TestContext.Current.CancellationToken);
        using var accepted = await server.AcceptSocketAsync(TestContext.Current.CancellationToken);

        var replies = new[] { client.SendAsync(default, "GET", "a"), client.SendAsync(default, "GET", "ü") };
        const string Expected = "*2\r\n$3\r\nGET\r\n$1\r\na\r\n*2\r\n$3\r\nGET\r\n$2\r\nü\r\n";
        Assert.Equal(Expected, await ReceiveAsync(accepted, Encoding.UTF8.GetByteCount(Expected)));
        await accepted.SendAsync("$1\r\n1\r\n:2\r\n"u8.ToArray());

        Assert.Equal(["1", "2"], (await Task.WhenAll(replies)).Select(reply => reply.Text));
    }

    [Fact]
    public async Task Requests_without_a_reply_fail_when_the_connection_breaks_and_so_do_later_ones()
    {
        using var server = new TcpListener(IPAddress.Loopback, 0);
        server.Start();
        await using var client = await RespClient.ConnectAsync("127.0.0.1", ((IPEndPoint)server.LocalEndpoint).Port, TestContext.Current.CancellationToken);
        using (await server.AcceptSocketAsync(TestContext.Current.CancellationToken))
        {
            _ = client.SendAsync(default, "PING");
        }

        await Assert.ThrowsAnyAsync<IOException>(async () =>
        {
            while (true)
            {
                await client.SendAsync(default, "PING");
            }
        });
        await Assert.ThrowsAsync<IOException>(() => client.SendAsync(default, "PING"));
    }

    private static async Task<string> ReceiveAsync(Socket socket, int count)
    {
        var bytes = new byte[count];
        var read = 0;
        while (read < count)
        {
            read += await socket.ReceiveAsync(bytes.AsMemory(read), TestContext.Current.CancellationToken);
        }

        return Encoding.UTF8.GetString(bytes);
    }
}
