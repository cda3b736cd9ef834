using System.Buffers;
using System.Buffers.Text;

namespace Cluster.Lab.Resp;

/// <summary>Takes one RESP2 reply off the front of a buffer. Every length is checked before it is believed.</summary>
public static class RespParser
{
    /// <summary>Longest bulk string taken: over the store's longest value (8 MiB), with room.</summary>
    public const int MaxBulkBytes = 64 * 1024 * 1024;

    /// <summary>Most elements of one array.</summary>
    public const int MaxItems = 1_000_000;

    /// <summary>How deep arrays may nest; the deepest reply of Redis (COMMAND) has five levels.</summary>
    public const int MaxDepth = 16;

    private const int MaxLineBytes = 64 * 1024;

    /// <summary>False: the reply is not there whole; nothing is consumed.</summary>
    /// <exception cref="RespProtocolException">What is there can never become a reply.</exception>
    public static bool TryParse(ref ReadOnlySequence<byte> buffer, out RespValue value)
    {
        var reader = new SequenceReader<byte>(buffer);
        if (!TryParse(ref reader, 0, out value))
        {
            return false;
        }

        buffer = buffer.Slice(reader.Position);
        return true;
    }

    private static bool TryParse(ref SequenceReader<byte> reader, int depth, out RespValue value)
    {
        value = RespValue.Null;
        if (depth > MaxDepth)
        {
            throw new RespProtocolException($"arrays nested deeper than {MaxDepth}");
        }

        if (!reader.TryReadTo(out ReadOnlySequence<byte> line, "\r\n"u8))
        {
            return reader.Remaining > MaxLineBytes ? throw new RespProtocolException($"a line longer than {MaxLineBytes} bytes") : false;
        }

        if (line.IsEmpty)
        {
            throw new RespProtocolException("an empty line where a reply should start");
        }

        var kind = line.FirstSpan[0];
        var rest = line.Slice(1);
        switch (kind)
        {
            case (byte)'+':
                value = new RespValue(RespKind.Simple, rest.ToArray());
                return true;
            case (byte)'-':
                value = new RespValue(RespKind.Error, rest.ToArray());
                return true;
            case (byte)':':
                value = new RespValue(RespKind.Number, Number: Number(rest));
                return true;
            case (byte)'$':
                return TryBulk(ref reader, Number(rest), out value);
            case (byte)'*':
                return TryArray(ref reader, Number(rest), depth, out value);
            default:
                throw new RespProtocolException($"a reply that starts with byte 0x{kind:X2}");
        }
    }

    private static bool TryBulk(ref SequenceReader<byte> reader, long length, out RespValue value)
    {
        value = RespValue.Null;
        if (length == -1)
        {
            return true;
        }

        if (length is < 0 or > MaxBulkBytes)
        {
            throw new RespProtocolException($"a bulk string of {length} bytes (at most {MaxBulkBytes})");
        }

        if (reader.Remaining < length + 2)
        {
            return false;
        }

        var bytes = reader.UnreadSequence.Slice(0, length).ToArray();
        reader.Advance(length);
        if (!reader.IsNext("\r\n"u8, advancePast: true))
        {
            throw new RespProtocolException("a bulk string that is longer than it says");
        }

        value = new RespValue(RespKind.Bulk, bytes);
        return true;
    }

    private static bool TryArray(ref SequenceReader<byte> reader, long count, int depth, out RespValue value)
    {
        value = RespValue.Null;
        if (count == -1)
        {
            return true;
        }

        if (count is < 0 or > MaxItems)
        {
            throw new RespProtocolException($"an array of {count} elements (at most {MaxItems})");
        }

        // The list grows with what has arrived, not with what the count promises.
        var items = new List<RespValue>((int)Math.Min(count, 64));
        for (var i = 0; i < count; i++)
        {
            if (!TryParse(ref reader, depth + 1, out var item))
            {
                return false;
            }

            items.Add(item);
        }

        value = new RespValue(RespKind.Array, Items: items);
        return true;
    }

    private static long Number(ReadOnlySequence<byte> digits)
    {
        Span<byte> text = stackalloc byte[21];
        if (digits.Length is 0 or > 20)
        {
            throw new RespProtocolException("a number without digits, or with too many");
        }

        digits.CopyTo(text);
        return Utf8Parser.TryParse(text[..(int)digits.Length], out long number, out var used) && used == digits.Length
            ? number
            : throw new RespProtocolException("a number that is none");
    }
}
