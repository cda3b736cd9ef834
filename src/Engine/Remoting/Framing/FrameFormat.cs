using System.Buffers;
using System.Buffers.Binary;

namespace Cluster.Engine.Remoting.Framing;

/// <summary>
/// How a frame looks on the wire: payload length (u32, little endian), channel byte, flags byte, payload. The length is checked against the bound
/// before anything waits for that many bytes.
/// </summary>
internal static class FrameFormat
{
    public const int HeaderBytes = 6;

    /// <summary>Channel 0 carries the handshake only; its flags byte says which of its steps.</summary>
    public const byte HandshakeChannel = 0;

    public static void WriteHeader(Span<byte> target, int payloadBytes, byte channel, byte flags)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(target, (uint)payloadBytes);
        target[4] = channel;
        target[5] = flags;
    }

    /// <summary>Takes one frame off the front of <paramref name="buffer"/>, if it is there whole. A header over the bound is told as soon as it is there.</summary>
    public static FrameRead TryRead(ref ReadOnlySequence<byte> buffer, int maxPayloadBytes, out FrameHeader header, out ReadOnlySequence<byte> payload)
    {
        header = default;
        payload = default;
        if (buffer.Length < HeaderBytes)
        {
            return FrameRead.Incomplete;
        }

        if (buffer.FirstSpan.Length >= HeaderBytes)
        {
            header = Header(buffer.FirstSpan);
        }
        else
        {
            Span<byte> copy = stackalloc byte[HeaderBytes];
            buffer.Slice(0, HeaderBytes).CopyTo(copy);
            header = Header(copy);
        }

        if (header.PayloadBytes > (uint)maxPayloadBytes)
        {
            return FrameRead.Oversized;
        }

        var total = HeaderBytes + (long)header.PayloadBytes;
        if (buffer.Length < total)
        {
            return FrameRead.Incomplete;
        }

        payload = buffer.Slice(HeaderBytes, header.PayloadBytes);
        buffer = buffer.Slice(total);
        return FrameRead.Complete;
    }

    private static FrameHeader Header(ReadOnlySpan<byte> bytes) => new(BinaryPrimitives.ReadUInt32LittleEndian(bytes), bytes[4], bytes[5]);
}
