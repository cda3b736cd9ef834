using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace Cluster.Node.Resp.Protocol;

/// <summary>Writes replies in the protocol version of the reply at hand: RESP3 where the client asked for it, else what RESP2 has for the same thing.</summary>
internal sealed class RespWriter(IBufferWriter<byte> output)
{
    /// <summary>Most that a bulk string takes besides its bytes.</summary>
    public const int MaxBulkOverhead = MaxHeader + 2;

    /// <summary>Longest "prefix, number, CRLF".</summary>
    private const int MaxHeader = 24;

    /// <summary>2 or 3.</summary>
    public int Protocol { get; set; } = 2;

    /// <summary>Bytes written since the last flush.</summary>
    public long Unflushed { get; private set; }

    public void Flushed() => Unflushed = 0;

    /// <summary>Bytes that are RESP already.</summary>
    public void Raw(ReadOnlySpan<byte> bytes)
    {
        output.Write(bytes);
        Unflushed += bytes.Length;
    }

    public void Ok() => Raw("+OK\r\n"u8);

    public void Simple(string text) => Line('+', text);

    /// <param name="text">Code and words, without the dash.</param>
    public void Error(string text) => Line('-', text);

    public void Integer(long number) => Header((byte)':', number);

    public void Null() => Raw(Protocol == 3 ? "_\r\n"u8 : "$-1\r\n"u8);

    public void NullArray() => Raw(Protocol == 3 ? "_\r\n"u8 : "*-1\r\n"u8);

    public void Bulk(ReadOnlySpan<byte> bytes)
    {
        // Small replies are one piece of the buffer: one bounds check, one advance.
        if (bytes.Length <= 512)
        {
            Advance(FormatBulk(output.GetSpan(bytes.Length + MaxBulkOverhead), bytes));
            return;
        }

        Header((byte)'$', bytes.Length);
        Raw(bytes);
        Raw("\r\n"u8);
    }

    public void Bulk(string text) => Bulk(Encoding.UTF8.GetBytes(text));

    /// <summary>Text for people (INFO): a verbatim string in RESP3.</summary>
    public void Verbatim(string text)
    {
        if (Protocol != 3)
        {
            Bulk(text);
            return;
        }

        var bytes = Encoding.UTF8.GetBytes(text);
        Header((byte)'=', bytes.Length + 4);
        Raw("txt:"u8);
        Raw(bytes);
        Raw("\r\n"u8);
    }

    public void Array(int length) => Header((byte)'*', length);

    /// <summary>A map of so many pairs; in RESP2 an array twice as long.</summary>
    public void Map(int pairs) => Header(Protocol == 3 ? (byte)'%' : (byte)'*', Protocol == 3 ? pairs : pairs * 2);

    public void Set(int length) => Header(Protocol == 3 ? (byte)'~' : (byte)'*', length);

    /// <summary>Out of turn; in RESP2, which has no such thing, an array.</summary>
    public void Push(int length) => Header(Protocol == 3 ? (byte)'>' : (byte)'*', length);

    private void Header(byte prefix, long number)
    {
        var span = output.GetSpan(MaxHeader);
        Advance(FormatHeader(span, prefix, number));
    }

    /// <summary>Writes a bulk string where there is room for it and <see cref="MaxBulkOverhead"/>.</summary>
    /// <returns>Bytes written.</returns>
    public static int FormatBulk(Span<byte> span, ReadOnlySpan<byte> bytes)
    {
        var length = FormatHeader(span, (byte)'$', bytes.Length);
        bytes.CopyTo(span[length..]);
        length += bytes.Length;
        span[length++] = (byte)'\r';
        span[length++] = (byte)'\n';
        return length;
    }

    private static int FormatHeader(Span<byte> span, byte prefix, long number)
    {
        span[0] = prefix;
        Utf8Formatter.TryFormat(number, span[1..], out var digits);
        span[digits + 1] = (byte)'\r';
        span[digits + 2] = (byte)'\n';
        return digits + 3;
    }

    /// <summary>A line of text: what would end the line early is made a blank, since it may quote what a client sent.</summary>
    private void Line(char prefix, string text)
    {
        var line = string.Create(CultureInfo.InvariantCulture, $"{prefix}{text.Replace('\r', ' ').Replace('\n', ' ')}\r\n");
        Raw(Encoding.UTF8.GetBytes(line));
    }

    private void Advance(int bytes)
    {
        output.Advance(bytes);
        Unflushed += bytes;
    }
}
