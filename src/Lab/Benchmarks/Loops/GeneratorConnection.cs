using System.Net;
using System.Net.Sockets;
using Cluster.Lab.Benchmarks.Requests;

namespace Cluster.Lab.Benchmarks.Loops;

/// <summary>One connection of an event loop: its buffers, and which requests are under way on it since when. Buffers are made once and used until the end.</summary>
internal sealed class GeneratorConnection(int index, IPEndPoint endpoint, int depth, int maxRequestBytes) : IDisposable
{
    private const int ReceiveBytes = 64 * 1024;

    private readonly long[] since = new long[depth];
    private readonly RequestKind[] kinds = new RequestKind[depth];
    private readonly byte[] output = new byte[(depth * maxRequestBytes) + 512];
    private readonly byte[] input = new byte[ReceiveBytes];
    private int oldest;
    private int outputStart;
    private int outputEnd;
    private int inputEnd;
    private ReplyScanner scanner;

    public int Index => index;

    public IPEndPoint Endpoint => endpoint;

    public int Depth => depth;

    public Socket? Socket { get; set; }

    public ConnectionState State { get; set; } = ConnectionState.Down;

    /// <summary>Replies to the greeting that have still to come.</summary>
    public int GreetingReplies { get; set; }

    /// <summary>When to try again, and how long was waited for it.</summary>
    public long RetryAt { get; set; }

    public TimeSpan BackOff { get; set; }

    /// <summary>Whether an attempt has failed, or a connection broken.</summary>
    public bool HasFailed { get; set; }

    public int InFlight { get; private set; }

    public bool HasRoom => State == ConnectionState.Up && InFlight < depth;

    /// <summary>How many of its requests have been sent, and how many have fallen due, in an open loop.</summary>
    public long Sent { get; set; }

    public long Due { get; set; }

    /// <summary>Whether the loop waits for this socket to take bytes.</summary>
    public bool WatchesWriting { get; set; }

    public bool HasOutput => outputEnd > outputStart;

    /// <summary>Room for one request. There always is: the buffer holds as many as may be under way.</summary>
    public Span<byte> Free()
    {
        if (outputStart > 0 && output.Length - outputEnd < maxRequestBytes)
        {
            output.AsSpan(outputStart, outputEnd - outputStart).CopyTo(output);
            outputEnd -= outputStart;
            outputStart = 0;
        }

        return output.AsSpan(outputEnd);
    }

    public void Wrote(int bytes) => outputEnd += bytes;

    public void Began(RequestKind kind, long at)
    {
        var place = oldest + InFlight;
        place = place >= depth ? place - depth : place;
        since[place] = at;
        kinds[place] = kind;
        InFlight++;
    }

    /// <summary>The oldest request under way has its reply.</summary>
    public (RequestKind Kind, long Since) Ended()
    {
        var ended = (kinds[oldest], since[oldest]);
        oldest = oldest + 1 == depth ? 0 : oldest + 1;
        InFlight--;
        return ended;
    }

    /// <summary>Sends what the socket takes; the rest stays. Success, or what broke the connection.</summary>
    public SocketError Flush()
    {
        while (outputEnd > outputStart)
        {
            var sent = Socket!.Send(output.AsSpan(outputStart, outputEnd - outputStart), SocketFlags.None, out var error);
            if (error == SocketError.WouldBlock)
            {
                return SocketError.Success;
            }

            if (error != SocketError.Success)
            {
                return error;
            }

            outputStart += sent;
        }

        outputStart = outputEnd = 0;
        return SocketError.Success;
    }

    /// <summary>Takes in what has come. Success with nothing new when there is nothing; an error when the connection is over.</summary>
    public SocketError Receive()
    {
        var received = Socket!.Receive(input.AsSpan(inputEnd), SocketFlags.None, out var error);
        if (error == SocketError.WouldBlock)
        {
            return SocketError.Success;
        }

        if (error == SocketError.Success && received == 0)
        {
            return SocketError.ConnectionReset;
        }

        inputEnd += received;
        return error;
    }

    /// <summary>The next whole reply among what was received, from <paramref name="at"/> on.</summary>
    public bool TryReadReply(ref int at, out ReplyKind kind, out ReadOnlySpan<byte> error)
    {
        var found = scanner.TryRead(input.AsSpan(at, inputEnd - at), out var consumed, out kind, out error);
        at += consumed;
        return found;
    }

    /// <summary>Keeps what is no whole line yet.</summary>
    /// <exception cref="Resp.RespProtocolException">A line longer than the buffer.</exception>
    public void Keep(int from)
    {
        if (from == 0 && inputEnd == input.Length)
        {
            throw new Resp.RespProtocolException($"a line longer than {input.Length} bytes");
        }

        input.AsSpan(from, inputEnd - from).CopyTo(input);
        inputEnd -= from;
    }

    /// <summary>Forgets the socket and what was under way on it.</summary>
    public void Drop()
    {
        Socket?.Dispose();
        Socket = null;
        State = ConnectionState.Down;
        WatchesWriting = false;
        InFlight = oldest = outputStart = outputEnd = inputEnd = 0;
        scanner = default;
    }

    public void Dispose() => Socket?.Dispose();
}
