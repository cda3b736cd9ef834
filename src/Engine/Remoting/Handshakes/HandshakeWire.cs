using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using Cluster.Engine.Remoting.Framing;
using Cluster.Shared.Certificates;
using Cluster.Shared.Wire;
using Google.Protobuf;

namespace Cluster.Engine.Remoting.Handshakes;

/// <summary>Reads and writes the handshake: eight magic bytes each way, then frames on channel 0. A client of another protocol is told apart by its first byte.</summary>
internal static class HandshakeWire
{
    // As in PNG's signature, a byte above 127 and line ends of both kinds: no text protocol starts like this, and no transfer that mangles text leaves it whole.
    private static readonly byte[] Magic = [0x8C, (byte)'L', (byte)'A', (byte)'B', 0x0D, 0x0A, 0x1A, 0x0A];

    /// <summary>What this protocol begins with, and neither TLS nor text does.</summary>
    public static byte FirstByte => Magic[0];

    public static void WriteMagic(PipeWriter output) => output.Write(Magic);

    public static void Write(PipeWriter output, HandshakeStep step, IMessage message)
    {
        var payloadBytes = message.CalculateSize();
        var target = output.GetSpan(FrameFormat.HeaderBytes + payloadBytes)[..(FrameFormat.HeaderBytes + payloadBytes)];
        FrameFormat.WriteHeader(target, payloadBytes, FrameFormat.HandshakeChannel, (byte)step);
        message.WriteTo(target[FrameFormat.HeaderBytes..]);
        output.Advance(target.Length);
    }

    /// <summary>Looks at the first byte and leaves it to be read; null when the peer closed without one.</summary>
    public static async ValueTask<byte?> PeekAsync(PipeReader input, CancellationToken cancellation)
    {
        var result = await input.ReadAsync(cancellation).ConfigureAwait(false);
        byte? first = result.Buffer.IsEmpty ? null : result.Buffer.FirstSpan[0];
        input.AdvanceTo(result.Buffer.Start);
        return first;
    }

    /// <exception cref="HandshakeException">The peer does not speak this protocol, or closed.</exception>
    public static async ValueTask ReadMagicAsync(PipeReader input, CancellationToken cancellation)
    {
        while (true)
        {
            var result = await input.ReadAsync(cancellation).ConfigureAwait(false);
            var buffer = result.Buffer;
            var prefix = buffer.Slice(0, Math.Min(buffer.Length, Magic.Length)).ToArray();
            if (!prefix.AsSpan().SequenceEqual(Magic.AsSpan(0, prefix.Length)))
            {
                input.AdvanceTo(buffer.End);
                throw new HandshakeException(LinkDownCause.ProtocolError, $"it does not speak this protocol{Guess(prefix)}: first bytes {Convert.ToHexString(prefix)}");
            }

            if (prefix.Length == Magic.Length)
            {
                input.AdvanceTo(buffer.GetPosition(Magic.Length));
                return;
            }

            input.AdvanceTo(buffer.Start, buffer.End);
            EndIfOver(result, "before its first eight bytes");
        }
    }

    /// <exception cref="HandshakeException">The frame is not this step of a handshake, is over the bound, or cannot be parsed.</exception>
    public static async ValueTask<T> ReadAsync<T>(PipeReader input, HandshakeStep step, MessageParser<T> parser, int maxBytes, CancellationToken cancellation)
        where T : IMessage<T>
    {
        while (true)
        {
            var result = await input.ReadAsync(cancellation).ConfigureAwait(false);
            var rest = result.Buffer;
            switch (FrameFormat.TryRead(ref rest, maxBytes, out var header, out var payload))
            {
                case FrameRead.Oversized:
                    input.AdvanceTo(result.Buffer.End);
                    throw new HandshakeException(LinkDownCause.ProtocolError, $"its handshake frame claims {header.PayloadBytes:N0} bytes, over the bound of {maxBytes:N0}");
                case FrameRead.Complete:
                    // The payload lies in memory that AdvanceTo gives back: parse first.
                    var parsed = Parse(step, parser, header, payload);
                    input.AdvanceTo(rest.Start);
                    return parsed;
                default:
                    input.AdvanceTo(rest.Start, rest.End);
                    EndIfOver(result, $"before its {step} was whole");
                    break;
            }
        }
    }

    private static T Parse<T>(HandshakeStep step, MessageParser<T> parser, FrameHeader header, ReadOnlySequence<byte> payload)
        where T : IMessage<T>
    {
        if (header.Channel != FrameFormat.HandshakeChannel || header.Flags != (byte)step)
        {
            if (header is { Channel: FrameFormat.HandshakeChannel, Flags: (byte)HandshakeStep.Verdict })
            {
                throw Refusal(payload);
            }

            throw new HandshakeException(LinkDownCause.ProtocolError, $"a frame on channel {header.Channel} with flags {header.Flags} came where {step} of the handshake was due");
        }

        try
        {
            return parser.ParseFrom(payload);
        }
        catch (InvalidProtocolBufferException garbage)
        {
            throw new HandshakeException(LinkDownCause.ProtocolError, $"its {step} cannot be parsed: {garbage.Message}");
        }
    }

    /// <summary>A dialler that does not trust this node's certificate says so instead of introducing itself.</summary>
    private static HandshakeException Refusal(ReadOnlySequence<byte> payload)
    {
        var said = Parse(HandshakeStep.Verdict, HelloReply.Parser, new FrameHeader((uint)payload.Length, FrameFormat.HandshakeChannel, (byte)HandshakeStep.Verdict), payload).Refused;
        return new HandshakeException(LinkDownCause.Refused, $"it refuses this node: {CertificateVerifier.Shown(said)}");
    }

    private static void EndIfOver(ReadResult result, string where)
    {
        if (result.IsCompleted || result.IsCanceled)
        {
            throw new HandshakeException(LinkDownCause.Lost, $"it closed the connection {where}");
        }
    }

    private static string Guess(ReadOnlySpan<byte> first)
    {
        ReadOnlySpan<string> verbs = ["GET ", "PUT ", "POST", "HEAD", "DELE", "OPTI", "PATC", "PRI "];
        var text = Encoding.ASCII.GetString(first);
        foreach (var verb in verbs)
        {
            if (text.StartsWith(verb, StringComparison.Ordinal))
            {
                return " (it looks like HTTP: is the port right?)";
            }
        }

        return first is [(byte)'*' or (byte)'$' or (byte)'+', ..] || text.StartsWith("PING", StringComparison.OrdinalIgnoreCase)
            ? " (it looks like a Redis client: is the port right?)"
            : "";
    }
}
