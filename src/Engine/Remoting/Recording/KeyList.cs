using System.Text;

namespace Cluster.Engine.Remoting.Recording;

/// <summary>The keys that one message touches, bounded in number and length, each once.</summary>
internal sealed class KeyList
{
    private readonly List<string> keys = [];

    /// <summary>Null for none, as the wire contract has it.</summary>
    public IReadOnlyList<string>? Keys => keys.Count == 0 ? null : keys;

    public string Add(ReadOnlySpan<byte> key)
    {
        var text = Text(key, PartLimits.MaxKeyLength);
        if (keys.Count < PartLimits.MaxKeys && !keys.Contains(text))
        {
            keys.Add(text);
        }

        return text;
    }

    /// <summary>Bytes as text on one line: what is not UTF-8, and what would break a line, is shown by a replacement.</summary>
    public static string Text(ReadOnlySpan<byte> bytes, int maxLength)
    {
        var cut = bytes.Length > 4 * maxLength;
        var text = Encoding.UTF8.GetString(cut ? bytes[..(4 * maxLength)] : bytes);
        var line = string.Concat(text.Select(c => char.IsControl(c) ? '\uFFFD' : c));
        return line.Length > maxLength || cut ? string.Concat(line.AsSpan(0, Math.Min(maxLength, line.Length)), "…") : line;
    }
}
