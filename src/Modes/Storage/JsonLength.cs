namespace Cluster.Modes.Storage;

/// <summary>
/// How many bytes a text takes in JSON, its quotes left out: what messages and states are bounded by. Exact for plain text, and never too little: whatever the default encoder escapes counts as six, so most of the
/// world's letters do. A bound that counts characters is wrong by that much.
/// </summary>
public static class JsonLength
{
    private const int Escaped = 6;

    /// <summary>None for null, which is left out.</summary>
    public static int Of(string? text)
    {
        var length = 0;
        foreach (var letter in text.AsSpan())
        {
            length += IsPlain(letter) ? 1 : Escaped;
        }

        return length;
    }

    private static bool IsPlain(char letter) => letter is >= ' ' and <= '~' and not ('"' or '&' or '\'' or '+' or '<' or '>' or '\\' or '`');
}
