using System.Buffers.Text;

namespace Cluster.Node.Resp.Protocol;

/// <summary>Whole numbers as Redis reads them: strict, so that what it refuses is refused here too (<c>+1</c>, <c>01</c>, <c>-0</c>, blanks).</summary>
internal static class RespInteger
{
    public static bool TryParse(ReadOnlySpan<byte> text, out long number)
    {
        number = 0;
        if (text.IsEmpty || !Utf8Parser.TryParse(text, out number, out var used) || used != text.Length)
        {
            return false;
        }

        var digits = text[0] == (byte)'-' ? text[1..] : text;
        return digits[0] is >= (byte)'1' and <= (byte)'9' || (text.Length == 1 && text[0] == (byte)'0');
    }
}
