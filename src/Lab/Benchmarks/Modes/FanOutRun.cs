using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Cluster.Lab.Benchmarks.Modes;

/// <summary>
/// Subscribers of one topic, spread over the nodes, and a publisher at each node. A publisher waits while the subscribers are a window of messages behind, so what is measured is
/// what can be kept up. Messages are of one length, so that a subscriber counts bytes.
/// </summary>
public sealed class FanOutRun : IAsyncDisposable
{
    /// <summary>Messages under way to each subscriber: some milliseconds of them, and far from what cuts a slow one off.</summary>
    private const int Window = 2_000;

    /// <summary>Messages that a publisher sends with one write.</summary>
    private const int Batch = 16;

    private const int BufferBytes = 64 * 1024;

    private static readonly TimeSpan LateAfter = TimeSpan.FromSeconds(3);

    private readonly List<Socket> sockets = [];
    private readonly List<Socket> publishers = [];
    private readonly List<Task> readers = [];
    private readonly int subscribers;
    private readonly int frameBytes;
    private readonly byte[] batch;
    private long heardBytes;
    private long published;

    private FanOutRun(int subscribers, int payloadBytes)
    {
        this.subscribers = subscribers;
        var payload = new string('x', payloadBytes);
        frameBytes = Frame("message", "fanout", payload).Length;
        batch = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat(Frame("PUBLISH", "fanout", payload), Batch)));
    }

    private long Delivered => Interlocked.Read(ref heardBytes) / frameBytes;

    public static async Task<FanOutRun> OpenAsync(IReadOnlyList<IPEndPoint> doors, int subscribers, int payloadBytes, CancellationToken cancellation)
    {
        var run = new FanOutRun(subscribers, payloadBytes);
        for (var i = 0; i < subscribers; i++)
        {
            var socket = await run.ConnectAsync(doors[i % doors.Count], cancellation).ConfigureAwait(false);
            await SendAsync(socket, Encoding.ASCII.GetBytes("*2\r\n$9\r\nSUBSCRIBE\r\n$6\r\nfanout\r\n"), cancellation).ConfigureAwait(false);
            var confirmation = Frame("subscribe", "fanout", null).Length;
            await SkipAsync(socket, confirmation, cancellation).ConfigureAwait(false);
            run.readers.Add(Task.Run(() => run.HearAsync(socket), CancellationToken.None));
        }

        foreach (var door in doors)
        {
            var socket = await run.ConnectAsync(door, cancellation).ConfigureAwait(false);
            await run.AwaitRoutesAsync(socket, cancellation).ConfigureAwait(false);
            run.publishers.Add(socket);
        }

        return run;
    }

    /// <summary>Publishes for that long, then waits for what is under way.</summary>
    public async Task<FanOutResult> RunAsync(TimeSpan time, CancellationToken cancellation)
    {
        var (publishedBefore, deliveredBefore) = (Interlocked.Read(ref published), Delivered);
        var started = TimeProvider.System.GetTimestamp();
        await Task.WhenAll(publishers.Select(socket => Task.Run(() => PublishAsync(socket, started, time, cancellation), cancellation))).ConfigureAwait(false);
        var heard = TimeProvider.System.GetTimestamp();
        var last = Delivered;
        for (var still = heard; Delivered < Interlocked.Read(ref published) * subscribers && TimeProvider.System.GetElapsedTime(still) < LateAfter;)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System, cancellation).ConfigureAwait(false);
            if (Delivered != last)
            {
                (last, still, heard) = (Delivered, TimeProvider.System.GetTimestamp(), TimeProvider.System.GetTimestamp());
            }
        }

        return new FanOutResult(Interlocked.Read(ref published) - publishedBefore, Delivered - deliveredBefore, TimeProvider.System.GetElapsedTime(started, heard));
    }

    public async ValueTask DisposeAsync()
    {
        sockets.ForEach(socket => socket.Dispose());
        await Task.WhenAll(readers).ConfigureAwait(false);
    }

    private async Task PublishAsync(Socket socket, long started, TimeSpan time, CancellationToken cancellation)
    {
        var replies = new byte[BufferBytes];
        while (TimeProvider.System.GetElapsedTime(started) < time)
        {
            if ((Interlocked.Read(ref published) * subscribers) - Delivered > (long)Window * subscribers)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System, cancellation).ConfigureAwait(false);
                continue;
            }

            await SendAsync(socket, batch, cancellation).ConfigureAwait(false);
            Interlocked.Add(ref published, Batch);
            for (var left = Batch; left > 0;)
            {
                var received = await socket.ReceiveAsync(replies, cancellation).ConfigureAwait(false);
                left -= replies.AsSpan(0, received).Count((byte)'\n');
            }
        }
    }

    private async Task HearAsync(Socket socket)
    {
        var buffer = new byte[BufferBytes];
        try
        {
            while (await socket.ReceiveAsync(buffer).ConfigureAwait(false) is > 0 and var received)
            {
                Interlocked.Add(ref heardBytes, received);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The run is over.
        }
    }

    /// <summary>Returns once that node knows of all subscribers.</summary>
    private async Task AwaitRoutesAsync(Socket socket, CancellationToken cancellation)
    {
        var wanted = string.Create(CultureInfo.InvariantCulture, $":{subscribers}\r\n");
        var reply = new byte[BufferBytes];
        do
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, cancellation).ConfigureAwait(false);
            await SendAsync(socket, Encoding.ASCII.GetBytes("PUBSUB NUMSUB fanout\r\n"), cancellation).ConfigureAwait(false);
        }
        while (!Encoding.ASCII.GetString(reply, 0, await socket.ReceiveAsync(reply, cancellation).ConfigureAwait(false)).EndsWith(wanted, StringComparison.Ordinal));
    }

    private async Task<Socket> ConnectAsync(IPEndPoint door, CancellationToken cancellation)
    {
        var socket = new Socket(door.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        sockets.Add(socket);
        await socket.ConnectAsync(door, cancellation).ConfigureAwait(false);
        return socket;
    }

    private static async Task SendAsync(Socket socket, ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
        while (bytes.Length > 0)
        {
            bytes = bytes[await socket.SendAsync(bytes, cancellation).ConfigureAwait(false)..];
        }
    }

    private static async Task SkipAsync(Socket socket, int bytes, CancellationToken cancellation)
    {
        var buffer = new byte[bytes];
        for (var at = 0; at < bytes;)
        {
            var received = await socket.ReceiveAsync(buffer.AsMemory(at), cancellation).ConfigureAwait(false);
            at += received > 0 ? received : throw new IOException("the node closed the connection");
        }
    }

    /// <summary>An array as RESP2 has it; a confirmation, where no payload is given, has a one-digit number.</summary>
    private static string Frame(string word, string topic, string? payload)
    {
        var head = string.Create(CultureInfo.InvariantCulture, $"*3\r\n${word.Length}\r\n{word}\r\n${topic.Length}\r\n{topic}\r\n");
        return payload is null ? head + ":1\r\n" : string.Create(CultureInfo.InvariantCulture, $"{head}${payload.Length}\r\n{payload}\r\n");
    }
}
