using System.Buffers;
using System.Globalization;

namespace Cluster.Node.Resp.Protocol;

/// <summary>Inline commands: what a person types into telnet. Words with blanks between, quoted as in Redis: "..." with escapes, '...' without.</summary>
internal sealed partial class RespParser
{
    private ParseStatus ParseInline(in ReadOnlySequence<byte> buffer)
    {
        var reader = new SequenceReader<byte>(buffer);
        if (!reader.TryReadTo(out ReadOnlySequence<byte> line, (byte)'\n'))
        {
            return buffer.Length > options.MaxInlineBytes ? Fail("too big inline request") : ParseStatus.NeedMore;
        }

        if (line.Length > options.MaxInlineBytes)
        {
            return Fail("too big inline request");
        }

        var text = line.ToArray();
        var length = text.Length > 0 && text[^1] == (byte)'\r' ? text.Length - 1 : text.Length;
        if (!SplitWords(text.AsSpan(0, length)))
        {
            return Fail("unbalanced quotes in request");
        }

        owned = text;
        scanned = (int)reader.Consumed;
        return ParseStatus.Command;
    }

    /// <summary>Splits in place: what a word unescapes to is never longer than what stood there.</summary>
    private bool SplitWords(Span<byte> line)
    {
        var read = 0;
        var write = 0;
        while (true)
        {
            while (read < line.Length && IsBlank(line[read]))
            {
                read++;
            }

            if (read == line.Length)
            {
                return true;
            }

            var start = write;
            while (read < line.Length && !IsBlank(line[read]))
            {
                var quote = line[read];
                if (quote is not ((byte)'"' or (byte)'\''))
                {
                    line[write++] = line[read++];
                    continue;
                }

                read++;
                if (!ReadQuoted(line, quote, ref read, ref write))
                {
                    return false;
                }

                break;
            }

            // A closing quote ends its word: something right behind it is a mistake.
            if (read < line.Length && !IsBlank(line[read]))
            {
                return false;
            }

            AddArgument(start, write - start);
        }
    }

    private static bool ReadQuoted(Span<byte> line, byte quote, ref int read, ref int write)
    {
        while (read < line.Length)
        {
            var current = line[read++];
            if (current == quote)
            {
                return true;
            }

            if (current == (byte)'\\' && read < line.Length)
            {
                current = quote == (byte)'"' ? Unescape(line, ref read) : line[read] == quote ? line[read++] : current;
            }

            line[write++] = current;
        }

        return false;
    }

    private static byte Unescape(ReadOnlySpan<byte> line, ref int read)
    {
        var escaped = line[read++];
        if (escaped == (byte)'x' && read + 1 < line.Length && byte.TryParse(line.Slice(read, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value))
        {
            read += 2;
            return value;
        }

        return escaped switch
        {
            (byte)'n' => (byte)'\n',
            (byte)'r' => (byte)'\r',
            (byte)'t' => (byte)'\t',
            (byte)'b' => (byte)'\b',
            (byte)'a' => (byte)'\a',
            _ => escaped,
        };
    }

    private static bool IsBlank(byte value) => value is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n' or 0x0b or 0x0c or 0;
}
