using System.Buffers.Binary;
using System.Net;
using System.Net.Http.Headers;

namespace Cluster.Benchmarks.Peers;

/// <summary>
/// Unary gRPC calls by hand over HTTP/2: five bytes of framing and a protobuf message each way (grpc.github.io, PROTOCOL-HTTP2). etcd's JSON gateway would charge etcd for a translation that
/// its own clients never pay.
/// </summary>
internal sealed class EtcdCall(HttpMessageInvoker http, Uri door) : IDisposable
{
    private const int FrameBytes = 5;

    private static readonly MediaTypeHeaderValue Grpc = new("application/grpc");

    private readonly Uri put = new(door, "/etcdserverpb.KV/Put");
    private readonly Uri range = new(door, "/etcdserverpb.KV/Range");

    /// <summary>A connection of its own to each: HTTP/2 serialises what shares one.</summary>
    public static EtcdCall Connect(IPEndPoint door) => new(new HttpMessageInvoker(new SocketsHttpHandler { UseProxy = false, EnableMultipleHttp2Connections = false }), new Uri($"http://{door}"));

    public Task<byte[]> PutAsync(byte[] key, byte[] value, CancellationToken cancellation) => SendAsync(put, Message(key, value), cancellation);

    /// <summary>Linearizable, as etcd reads unless told otherwise.</summary>
    public Task<byte[]> GetAsync(byte[] key, CancellationToken cancellation) => SendAsync(range, Message(key, null), cancellation);

    public void Dispose() => http.Dispose();

    /// <summary>PutRequest has its key in field 1 and its value in field 2, RangeRequest its key in field 1; both are byte strings (etcd's rpc.proto).</summary>
    private static byte[] Message(byte[] key, byte[]? value)
    {
        var message = new List<byte>(FrameBytes + key.Length + (value?.Length ?? 0) + 8) { 0, 0, 0, 0, 0 };
        AddBytes(message, 1, key);
        if (value is not null)
        {
            AddBytes(message, 2, value);
        }

        var framed = message.ToArray();
        BinaryPrimitives.WriteInt32BigEndian(framed.AsSpan(1), framed.Length - FrameBytes);
        return framed;
    }

    private static void AddBytes(List<byte> message, int field, byte[] bytes)
    {
        message.Add((byte)((field << 3) | 2));
        var length = (uint)bytes.Length;
        for (; length > 0x7F; length >>= 7)
        {
            message.Add((byte)(length | 0x80));
        }

        message.Add((byte)length);
        message.AddRange(bytes);
    }

    /// <returns>The reply's protobuf message.</returns>
    /// <exception cref="HttpRequestException">The call failed; the message says how.</exception>
    private async Task<byte[]> SendAsync(Uri method, byte[] message, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, method) { Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionExact, Content = new ByteArrayContent(message) };
        request.Content.Headers.ContentType = Grpc;
        request.Headers.TE.Add(new TransferCodingWithQualityHeaderValue("trailers"));
        using var response = await http.SendAsync(request, cancellation).ConfigureAwait(false);
        var body = await response.Content.ReadAsByteArrayAsync(cancellation).ConfigureAwait(false);
        var status = First(response.TrailingHeaders, "grpc-status") ?? First(response.Headers, "grpc-status") ?? $"http {(int)response.StatusCode}";
        return status == "0" && body.Length >= FrameBytes
            ? body[FrameBytes..]
            : throw new HttpRequestException($"grpc status {status}: {First(response.TrailingHeaders, "grpc-message") ?? First(response.Headers, "grpc-message")}");
    }

    private static string? First(HttpResponseHeaders headers, string name) => headers.TryGetValues(name, out var values) ? values.FirstOrDefault() : null;
}
