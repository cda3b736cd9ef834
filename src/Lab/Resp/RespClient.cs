using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;
using Cluster.Lab.Certificates;
using Cluster.Shared.Files;
using Cluster.Shared.Ids;

namespace Cluster.Lab.Resp;

/// <summary>
/// A small pipelining Redis client: one connection, any number of requests under way, replies in order. It neither retries nor reconnects: a
/// history must know what happened to each request. A request whose reply did not come has unknown outcome, and its connection is to be disposed.
/// </summary>
public sealed class RespClient : IAsyncDisposable
{
    private readonly Socket socket;
    private readonly Stream stream;
    private readonly PipeWriter output;
    private readonly Lock gate = new();
    private readonly Queue<TaskCompletionSource<RespValue>> waiting = new();
    private readonly SemaphoreSlim toFlush = new(0);
    private readonly CancellationTokenSource closing = new();
    private readonly Task sending;
    private readonly Task receiving;
    private readonly int maxInFlight;
    private Exception? broken;

    private RespClient(Socket socket, Stream stream, int maxInFlight)
    {
        this.socket = socket;
        this.maxInFlight = maxInFlight;
        this.stream = stream;
        var pipe = new Pipe(new PipeOptions(pauseWriterThreshold: 0, useSynchronizationContext: false));
        output = pipe.Writer;
        sending = SendAllAsync(pipe.Reader);
        receiving = ReceiveAllAsync();
    }

    /// <param name="maxInFlight">Most requests under way: a client that outruns its server should notice.</param>
    /// <exception cref="SocketException">Nobody listens there.</exception>
    /// <exception cref="IOException">TLS failed, or the password is wrong.</exception>
    public static async Task<RespClient> ConnectAsync(string host, int port, CancellationToken cancellation, int maxInFlight = 10_000, RespAccess? access = null)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(host, port, cancellation).ConfigureAwait(false);
            Stream stream = new NetworkStream(socket, ownsSocket: true);
            if (access?.Trust is { } trust)
            {
                stream = await SecureAsync(stream, trust, host, cancellation).ConfigureAwait(false);
            }

            var client = new RespClient(socket, stream, maxInFlight);
            if (access?.Password is { } password)
            {
                await client.AuthenticateAsync(password, cancellation).ConfigureAwait(false);
            }

            return client;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Connects to a node of a cluster file, over TLS where it speaks that.</summary>
    /// <exception cref="SocketException">Nobody listens there.</exception>
    /// <exception cref="IOException">TLS failed.</exception>
    public static Task<RespClient> ConnectAsync(ClusterFileNode node, CancellationToken cancellation)
    {
        var address = NodeAddress.Parse(node.Resp);
        return ConnectAsync(address.Host, address.Port, cancellation, access: new RespAccess(ClusterTrust.Of(node)));
    }

    /// <summary>Sends one command. Cancelling gives up waiting only: the reply will still take its turn.</summary>
    /// <exception cref="IOException">The connection broke, now or before; the outcome is unknown unless it was broken before.</exception>
    public Task<RespValue> SendAsync(CancellationToken cancellation, params ReadOnlySpan<string> arguments)
    {
        var reply = new TaskCompletionSource<RespValue>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (gate)
        {
            if (broken is not null)
            {
                throw new IOException("the connection is broken: " + broken.Message, broken);
            }

            if (waiting.Count >= maxInFlight)
            {
                throw new InvalidOperationException($"{maxInFlight} requests are under way on this connection already");
            }

            Encode(arguments);
            waiting.Enqueue(reply);
        }

        toFlush.Release();
        return cancellation.CanBeCanceled ? reply.Task.WaitAsync(cancellation) : reply.Task;
    }

    public async ValueTask DisposeAsync()
    {
        await closing.CancelAsync().ConfigureAwait(false);
        Break(new ObjectDisposedException(nameof(RespClient)));
        await Task.WhenAll(sending, receiving).ConfigureAwait(false);
        closing.Dispose();
        toFlush.Dispose();
    }

    private static async Task<Stream> SecureAsync(Stream plain, ClusterTrust trust, string host, CancellationToken cancellation)
    {
        var secured = new SslStream(plain);
        try
        {
            await secured.AuthenticateAsClientAsync(trust.Options(host), cancellation).ConfigureAwait(false);
            return secured;
        }
        catch (AuthenticationException refused)
        {
            await secured.DisposeAsync().ConfigureAwait(false);
            throw new IOException($"TLS with {host} failed: {(refused.InnerException ?? refused).Message}", refused);
        }
        catch
        {
            await secured.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private async Task AuthenticateAsync(string password, CancellationToken cancellation)
    {
        try
        {
            var reply = await SendAsync(cancellation, "AUTH", password).ConfigureAwait(false);
            if (reply.IsError)
            {
                throw new IOException($"the server refuses the password: {reply.Text}");
            }
        }
        catch
        {
            await DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private void Encode(ReadOnlySpan<string> arguments)
    {
        WriteHeader((byte)'*', arguments.Length);
        foreach (var argument in arguments)
        {
            var length = Encoding.UTF8.GetByteCount(argument);
            WriteHeader((byte)'$', length);
            Encoding.UTF8.GetBytes(argument, output.GetSpan(length));
            output.Advance(length);
            output.Write("\r\n"u8);
        }
    }

    private void WriteHeader(byte kind, int number)
    {
        var span = output.GetSpan(16);
        span[0] = kind;
        _ = number.TryFormat(span[1..], out var digits, provider: CultureInfo.InvariantCulture);
        span[digits + 1] = (byte)'\r';
        span[digits + 2] = (byte)'\n';
        output.Advance(digits + 3);
    }

    private async Task SendAllAsync(PipeReader pending)
    {
        try
        {
            while (true)
            {
                await toFlush.WaitAsync(closing.Token).ConfigureAwait(false);
                lock (gate)
                {
                    // Never waits: the pipe has no upper threshold, maxInFlight bounds it. It only hands over what was written.
                    _ = output.FlushAsync().AsTask();
                }

                if (!pending.TryRead(out var read))
                {
                    continue;
                }

                foreach (var segment in read.Buffer)
                {
                    await stream.WriteAsync(segment, closing.Token).ConfigureAwait(false);
                }

                pending.AdvanceTo(read.Buffer.End);
            }
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException or ObjectDisposedException)
        {
            Break(e);
        }
    }

    private async Task ReceiveAllAsync()
    {
        var input = PipeReader.Create(stream, new StreamPipeReaderOptions(leaveOpen: true));
        try
        {
            while (true)
            {
                var read = await input.ReadAsync(closing.Token).ConfigureAwait(false);
                var buffer = read.Buffer;
                while (RespParser.TryParse(ref buffer, out var value))
                {
                    TaskCompletionSource<RespValue>? reply;
                    lock (gate)
                    {
                        if (!waiting.TryDequeue(out reply))
                        {
                            throw new RespProtocolException("a reply that nobody asked for");
                        }
                    }

                    reply.TrySetResult(value);
                }

                if (read.IsCompleted)
                {
                    throw new IOException("the server closed the connection");
                }

                input.AdvanceTo(buffer.Start, buffer.End);
            }
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException or ObjectDisposedException or RespProtocolException)
        {
            Break(e);
        }
    }

    private void Break(Exception cause)
    {
        TaskCompletionSource<RespValue>[] lost;
        lock (gate)
        {
            broken ??= cause;
            lost = [.. waiting];
            waiting.Clear();
        }

        foreach (var reply in lost)
        {
            reply.TrySetException(new IOException("the connection broke before the reply came: " + cause.Message, cause));
            // A caller that gave up waiting will never look; its failure is not news.
            _ = reply.Task.Exception;
        }

        stream.Dispose();
        socket.Dispose();
    }
}
