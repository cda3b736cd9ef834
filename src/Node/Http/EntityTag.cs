using System.Globalization;

namespace Cluster.Node.Http;

/// <summary>A key's revision as an HTTP entity tag: a strong one, <c>"42"</c>, since equal revisions are equal bytes.</summary>
internal static class EntityTag
{
    public static string Of(ulong revision) => string.Create(CultureInfo.InvariantCulture, $"\"{revision}\"");

    /// <summary>Reads one tag. A weak one (<c>W/</c>) never matches strongly (RFC 9110, 13.1.1), a list cannot be one condition: neither is taken.</summary>
    public static bool TryParse(string text, out ulong revision)
    {
        revision = 0;
        return text.Length > 2 && text[0] == '"' && text[^1] == '"' && ulong.TryParse(text.AsSpan(1, text.Length - 2), NumberStyles.None, CultureInfo.InvariantCulture, out revision);
    }
}
