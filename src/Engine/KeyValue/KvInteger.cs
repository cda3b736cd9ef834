using System.Buffers.Text;

namespace Cluster.Engine.KeyValue;

/// <summary>Numbers as Redis stores them: what <c>INCR</c> takes for a 64-bit integer and what it writes back.</summary>
internal static class KvInteger
{
    /// <summary>Digits of the longest number, and its sign.</summary>
    private const int MaxBytes = 20;

    /// <summary>
    /// Reads exactly what <see cref="Format"/> writes: no blank, no plus sign, no leading zero, no minus zero, nothing past 64 bits.
    /// </summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out long number)
    {
        number = 0;
        if (text.IsEmpty || text.Length > MaxBytes)
        {
            return false;
        }

        var digits = text[0] == '-' ? text[1..] : text;
        var canonical = digits.Length > 0 && digits[0] is >= (byte)'1' and <= (byte)'9';
        if (!canonical)
        {
            return text.Length == 1 && text[0] == '0';
        }

        return Utf8Parser.TryParse(text, out number, out var used, 'D') && used == text.Length;
    }

    public static byte[] Format(long number)
    {
        Span<byte> text = stackalloc byte[MaxBytes];
        Utf8Formatter.TryFormat(number, text, out var length);
        return text[..length].ToArray();
    }
}
