using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Cluster.Shared.Ids;
using Cluster.Shared.Wire;
using Google.Protobuf;

namespace Cluster.Engine.Tests.Remoting;

/// <summary>A peer written against the wire format alone: it does a proper handshake, and after it whatever a test wants.</summary>
public sealed class RawPeer : IDisposable
{
    private readonly TcpClient client = new();

    private RawPeer(NodeAddress address) => Address = address;

    /// <summary>Where it claims to listen; nobody does.</summary>
    public NodeAddress Address { get; }

    public static async Task<RawPeer> LinkAsync(NodeAddress to, string name, uint dial = 1, NodeAddress? address = null, ulong incarnation = 1)
    {
        var peer = new RawPeer(address ?? new NodeAddress("203.0.113.9", 4053));
        await peer.client.ConnectAsync(IPAddress.Parse(to.Host), to.Port);
        await peer.SendAsync([0x8C, (byte)'L', (byte)'A', (byte)'B', 0x0D, 0x0A, 0x1A, 0x0A]);
        await peer.SendAsync(Frame(1, new Hello { Protocol = 1, Cluster = "lab", Name = name, Incarnation = incarnation, Uid = ByteString.CopyFrom([.. new byte[15], 9]), Address = peer.Address.ToString(), Dial = dial }));
        await peer.ReadAsync(8);
        var header = await peer.ReadAsync(6);
        var reply = HelloReply.Parser.ParseFrom(await peer.ReadAsync((int)BinaryPrimitives.ReadUInt32LittleEndian(header)));
        if (reply.Refused.Length > 0)
        {
            throw new InvalidOperationException(reply.Refused);
        }

        await peer.SendAsync(Frame(3, new HelloReply()));
        return peer;
    }

    public ValueTask SendAsync(byte[] bytes) => client.GetStream().WriteAsync(bytes);

    public void Dispose() => client.Dispose();

    private static byte[] Frame(byte step, IMessage message)
    {
        var frame = new byte[6 + message.CalculateSize()];
        BinaryPrimitives.WriteInt32LittleEndian(frame, message.CalculateSize());
        frame[5] = step;
        message.WriteTo(frame.AsSpan(6));
        return frame;
    }

    private async Task<byte[]> ReadAsync(int count)
    {
        var bytes = new byte[count];
        await client.GetStream().ReadExactlyAsync(bytes);
        return bytes;
    }
}
