namespace Cluster.Modes.Storage;

/// <summary>How long a text is in JSON. What is bounded in bytes of JSON cannot be counted in characters: the encoder writes most of what is not a plain ASCII letter as six bytes.</summary>
internal static class JsonText
{
    private const int Escaped = 6;

    /// <summary>Bytes of it between its quotation marks, at most. 0 for none.</summary>
    public static int MostBytes(string? text)
    {
        var bytes = 0;
        foreach (var one in text ?? "")
        {
            bytes += char.IsAsciiLetterOrDigit(one) || one is ' ' or '-' or '.' or ',' or ':' or '_' or '/' ? 1 : Escaped;
        }

        return bytes;
    }
}
