using System.Buffers;
using System.Text;

namespace Cluster.Node.Resp.Protocol;

/// <summary>
/// Finds commands in received bytes, however they are cut. It remembers how far it got, so each byte is looked at once even when a client sends them one by
/// one; and it holds no more than what has arrived: an announced length allocates nothing.
/// </summary>
internal sealed partial class RespParser(RespOptions options)
{
    /// <summary>A length line is never longer; Redis would read on for 64 KiB to find the same error.</summary>
    private const int MaxLengthLine = 32;

    /// <summary>Argument lists beyond this are given back after the command.</summary>
    private const int KeptArguments = 1024;

    private ArgumentRange[] arguments = new ArgumentRange[8];
    private int count;
    private int remaining = Unknown;
    private int bulkLength = Unknown;
    private int scanned;
    private byte[]? owned;

    private const int Unknown = -1;

    /// <summary>What is wrong, as Redis says it, after <see cref="ParseStatus.Error"/>.</summary>
    public string Error { get; private set; } = "";

    /// <summary>Bytes of the command found, after <see cref="ParseStatus.Command"/>.</summary>
    public int Length => scanned;

    /// <summary>Looks for the end of the command that begins the buffer. Until it is found, the next buffer must begin at the same byte.</summary>
    public ParseStatus Parse(in ReadOnlySequence<byte> buffer, bool authenticated)
    {
        if (remaining == Unknown)
        {
            if (buffer.IsEmpty)
            {
                return ParseStatus.NeedMore;
            }

            if (buffer.FirstSpan[0] != (byte)'*')
            {
                return ParseInline(buffer);
            }
        }

        var reader = new SequenceReader<byte>(scanned == 0 ? buffer : buffer.Slice(scanned));
        var status = remaining == Unknown ? ReadArrayLength(ref reader, authenticated) : ParseStatus.Command;
        while (status == ParseStatus.Command && remaining > 0)
        {
            status = ReadArgument(ref reader, authenticated);
        }

        return status;
    }

    /// <summary>The arguments of the command found. Bytes in one piece are borrowed; bytes in several are brought together, which is their one copy.</summary>
    public RespArguments Arguments(in ReadOnlySequence<byte> buffer)
    {
        var ranges = arguments.AsSpan(0, count);
        if (owned is not null)
        {
            return new RespArguments(owned, ranges, owned);
        }

        if (buffer.FirstSpan.Length >= scanned)
        {
            return new RespArguments(buffer.FirstSpan[..scanned], ranges, null);
        }

        owned = buffer.Slice(0, scanned).ToArray();
        return new RespArguments(owned, ranges, owned);
    }

    /// <summary>Forgets the command found: the next buffer begins after it.</summary>
    public void Next()
    {
        if (arguments.Length > KeptArguments)
        {
            arguments = new ArgumentRange[8];
        }

        count = 0;
        remaining = Unknown;
        bulkLength = Unknown;
        scanned = 0;
        owned = null;
    }

    private ParseStatus ReadArrayLength(ref SequenceReader<byte> reader, bool authenticated)
    {
        var status = ReadLengthLine(ref reader, (byte)'*', "too big mbulk count string", "invalid multibulk length", out var length);
        if (status != ParseStatus.Command)
        {
            return status;
        }

        if (length > options.MaxArrayLength)
        {
            return Fail("invalid multibulk length");
        }

        if (!authenticated && length > options.MaxUnauthenticatedArrayLength)
        {
            return Fail("unauthenticated multibulk length");
        }

        remaining = (int)Math.Max(0, length);
        return ParseStatus.Command;
    }

    private ParseStatus ReadArgument(ref SequenceReader<byte> reader, bool authenticated)
    {
        if (bulkLength == Unknown)
        {
            if (reader.TryPeek(out var first) && first != (byte)'$')
            {
                return Fail($"expected '$', got '{Printable(first)}'");
            }

            var status = ReadLengthLine(ref reader, (byte)'$', "too big bulk count string", "invalid bulk length", out var length);
            if (status != ParseStatus.Command)
            {
                return status;
            }

            if (length < 0 || length > options.MaxBulkBytes)
            {
                return Fail("invalid bulk length");
            }

            if (!authenticated && length > options.MaxUnauthenticatedBulkBytes)
            {
                return Fail("unauthenticated bulk length");
            }

            if (scanned + length > options.MaxCommandBytes)
            {
                return Fail($"a command is at most {options.MaxCommandBytes} bytes long");
            }

            bulkLength = (int)length;
        }

        if (reader.Remaining < bulkLength + 2)
        {
            return ParseStatus.NeedMore;
        }

        var start = scanned;
        reader.Advance(bulkLength);
        reader.TryRead(out var cr);
        reader.TryRead(out var lf);
        if (cr != (byte)'\r' || lf != (byte)'\n')
        {
            return Fail("expected CRLF after the bulk string");
        }

        AddArgument(start, bulkLength);
        scanned = start + bulkLength + 2;
        bulkLength = Unknown;
        remaining--;
        return ParseStatus.Command;
    }

    /// <summary>Reads <c>*3\r\n</c>; leaves the reader and <see cref="scanned"/> where they were when the line is not all there.</summary>
    private ParseStatus ReadLengthLine(ref SequenceReader<byte> reader, byte prefix, string tooLong, string invalid, out long length)
    {
        length = 0;
        var before = reader.Consumed;
        if (!reader.TryReadTo(out ReadOnlySequence<byte> line, (byte)'\n'))
        {
            return reader.Remaining > MaxLengthLine ? Fail(tooLong) : ParseStatus.NeedMore;
        }

        if (line.Length > MaxLengthLine)
        {
            return Fail(tooLong);
        }

        Span<byte> text = stackalloc byte[MaxLengthLine];
        line.CopyTo(text);
        text = text[..(int)line.Length];
        if (text.Length < 3 || text[0] != prefix || text[^1] != (byte)'\r' || !RespInteger.TryParse(text[1..^1], out length))
        {
            return Fail(invalid);
        }

        scanned += (int)(reader.Consumed - before);
        return ParseStatus.Command;
    }

    private void AddArgument(int start, int length)
    {
        if (count == arguments.Length)
        {
            Array.Resize(ref arguments, count * 2);
        }

        arguments[count++] = new ArgumentRange(start, length);
    }

    private ParseStatus Fail(string error)
    {
        Error = "ERR Protocol error: " + error;
        return ParseStatus.Error;
    }

    private static string Printable(byte value) => value is >= 0x20 and < 0x7f ? Encoding.ASCII.GetString([value]) : $"\\x{value:x2}";
}
