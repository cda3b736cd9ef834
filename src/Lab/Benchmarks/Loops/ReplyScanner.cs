using System.Buffers.Text;
using Cluster.Lab.Resp;

namespace Cluster.Lab.Benchmarks.Loops;

/// <summary>
/// Finds where RESP2 replies end, and what kind they are, without making anything of them. What came of a reply is consumed at once, except a line that is not there whole, so a value
/// longer than the buffer passes through it. Lengths are checked before they are believed.
/// </summary>
public struct ReplyScanner
{
    private const int LineEnd = 2;

    /// <summary>Bytes of a bulk string, with its line end, that have still to pass.</summary>
    private long skip;

    /// <summary>Replies that have still to end before the whole one has: itself, and the elements of its arrays.</summary>
    private long left;

    /// <summary>The kind of the reply under way: an array has its own, whatever is in it.</summary>
    private ReplyKind kind;

    /// <summary>True: a reply ended at <paramref name="consumed"/>. False: more bytes are needed after those consumed.</summary>
    /// <param name="error">The error's text without its line end, when the reply is one.</param>
    /// <exception cref="RespProtocolException">What is there can never become a reply.</exception>
    public bool TryRead(ReadOnlySpan<byte> input, out int consumed, out ReplyKind reply, out ReadOnlySpan<byte> error)
    {
        consumed = 0;
        error = default;
        reply = ReplyKind.Ok;
        while (true)
        {
            if (skip > 0)
            {
                var passed = (int)Math.Min(skip, input.Length - consumed);
                skip -= passed;
                consumed += passed;
                if (skip > 0)
                {
                    return false;
                }
            }
            else
            {
                var line = input[consumed..];
                var length = line.IndexOf((byte)'\n');
                if (length < 0)
                {
                    return false;
                }

                if (length < LineEnd || line[length - 1] != '\r')
                {
                    throw new RespProtocolException("a line that is no reply");
                }

                consumed += length + 1;
                error = Begin(line[..(length - 1)]);
                if (skip > 0)
                {
                    continue;
                }
            }

            if (--left == 0)
            {
                reply = kind;
                return true;
            }
        }
    }

    /// <summary>Takes a reply's, or an element's, first line.</summary>
    /// <returns>The text, if the whole reply is an error.</returns>
    private ReadOnlySpan<byte> Begin(ReadOnlySpan<byte> line)
    {
        var inside = left > 0;
        left = inside ? left : 1;
        var found = ReplyKind.Ok;
        switch (line[0])
        {
            case (byte)'+':
            case (byte)':':
                break;
            case (byte)'-':
                found = ReplyKind.Error;
                break;
            case (byte)'$':
                var length = Number(line[1..]);
                if (length is < -1 or > RespParser.MaxBulkBytes)
                {
                    throw new RespProtocolException($"a bulk string of {length} bytes (at most {RespParser.MaxBulkBytes})");
                }

                found = length < 0 ? ReplyKind.Null : ReplyKind.Ok;
                skip = length < 0 ? 0 : length + LineEnd;
                break;
            case (byte)'*':
                var items = Number(line[1..]);
                if (items < -1 || items + left > RespParser.MaxItems)
                {
                    throw new RespProtocolException($"an array of {items} elements (at most {RespParser.MaxItems})");
                }

                found = items < 0 ? ReplyKind.Null : ReplyKind.Ok;
                left += Math.Max(0, items);
                break;
            default:
                throw new RespProtocolException($"a reply that starts with byte 0x{line[0]:X2}");
        }

        if (inside)
        {
            return default;
        }

        kind = found;
        return found == ReplyKind.Error ? line[1..] : default;
    }

    private static long Number(ReadOnlySpan<byte> digits) => Utf8Parser.TryParse(digits, out long number, out var used) && used == digits.Length
        ? number
        : throw new RespProtocolException("a number that is none");
}
