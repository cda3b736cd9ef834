using System.Globalization;

namespace Cluster.Shared.Patterns;

/// <summary>
/// Redis's glob over bytes: <c>*</c>, <c>?</c>, <c>[a-z]</c>, <c>[^a]</c>, <c>\x</c>. Takes time of at most pattern times text, whatever the pattern: a
/// hostile one cannot hold a thread.
/// </summary>
public static class Glob
{
    public static bool Matches(ReadOnlySpan<byte> pattern, ReadOnlySpan<byte> text)
    {
        if (!text.EndsWith(LiteralSuffix(pattern)))
        {
            return false; // Most of what begins with a star ends here, before it is tried at each place of the text.
        }

        var p = 0;
        var t = 0;
        var star = -1;
        var starText = 0;
        while (t < text.Length)
        {
            if (p < pattern.Length && pattern[p] == (byte)'*')
            {
                star = ++p;
                starText = t;
                continue;
            }

            var next = p;
            if (p < pattern.Length && MatchesOne(pattern, ref next, text[t]))
            {
                p = next;
                t++;
                continue;
            }

            if (star < 0)
            {
                return false;
            }

            // Only the last star needs to give way: what earlier ones took is already the shortest that works.
            p = star;
            t = ++starText;
        }

        while (p < pattern.Length && pattern[p] == (byte)'*')
        {
            p++;
        }

        return p == pattern.Length;
    }

    /// <summary>What keeps a pattern from meaning what it says, in words; null when nothing does. Matching takes such a pattern too, as Redis does.</summary>
    public static string? Fault(ReadOnlySpan<byte> pattern)
    {
        for (var i = 0; i < pattern.Length; i++)
        {
            if (pattern[i] == (byte)'\\')
            {
                if (++i == pattern.Length)
                {
                    return "it ends with a backslash that escapes nothing";
                }
            }
            else if (pattern[i] == (byte)'[')
            {
                var open = i;
                while (++i < pattern.Length && pattern[i] != (byte)']')
                {
                    i += pattern[i] == (byte)'\\' ? 1 : 0;
                }

                if (i >= pattern.Length)
                {
                    return string.Create(CultureInfo.InvariantCulture, $"the '[' at {open} is never closed; write \\[ for the character itself");
                }
            }
        }

        return null;
    }

    /// <summary>The bytes that every match begins with.</summary>
    public static ReadOnlySpan<byte> LiteralPrefix(ReadOnlySpan<byte> pattern)
    {
        var special = pattern.IndexOfAny("*?[\\"u8);
        return special < 0 ? pattern : pattern[..special];
    }

    /// <summary>Bytes that every match ends with; none where a class, which may be open to the end, makes that hard to tell.</summary>
    private static ReadOnlySpan<byte> LiteralSuffix(ReadOnlySpan<byte> pattern) =>
        pattern.Contains((byte)'[') ? default : pattern[(pattern.LastIndexOfAny("*?\\"u8) + 1)..];

    private static bool MatchesOne(ReadOnlySpan<byte> pattern, ref int p, byte value)
    {
        switch (pattern[p])
        {
            case (byte)'?':
                p++;
                return true;
            case (byte)'[':
                return MatchesClass(pattern, ref p, value);
            case (byte)'\\' when p + 1 < pattern.Length:
                p += 2;
                return pattern[p - 1] == value;
            default:
                return pattern[p++] == value;
        }
    }

    /// <summary>A class that is never closed ends with the pattern, as in Redis.</summary>
    private static bool MatchesClass(ReadOnlySpan<byte> pattern, ref int p, byte value)
    {
        p++;
        var negated = p < pattern.Length && pattern[p] == (byte)'^';
        if (negated)
        {
            p++;
        }

        var found = false;
        while (p < pattern.Length && pattern[p] != (byte)']')
        {
            if (pattern[p] == (byte)'\\' && p + 1 < pattern.Length)
            {
                found |= pattern[p + 1] == value;
                p += 2;
            }
            else if (p + 2 < pattern.Length && pattern[p + 1] == (byte)'-')
            {
                found |= value >= Math.Min(pattern[p], pattern[p + 2]) && value <= Math.Max(pattern[p], pattern[p + 2]);
                p += 3;
            }
            else
            {
                found |= pattern[p++] == value;
            }
        }

        if (p < pattern.Length)
        {
            p++;
        }

        return found != negated;
    }
}
