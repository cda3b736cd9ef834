namespace Cluster.Client.Interactive;

/// <summary>Lines that were carried out, the newest last. A line that begins with a space is not kept, as in shells: it may hold a secret.</summary>
internal sealed class LineHistory
{
    /// <summary>Lines that are kept; then the oldest goes.</summary>
    public const int MostLines = 1_000;

    private readonly List<string> lines = [];

    public IReadOnlyList<string> Lines => lines;

    /// <returns>Whether it was kept: not if it says nothing, or the same as the one before.</returns>
    public bool Add(string line)
    {
        if (string.IsNullOrWhiteSpace(line) || line[0] == ' ' || (lines.Count > 0 && lines[^1] == line))
        {
            return false;
        }

        if (lines.Count == MostLines)
        {
            lines.RemoveAt(0);
        }

        lines.Add(line);
        return true;
    }

    /// <summary>The newest line before this place that has the text in it; null when there is none.</summary>
    public int? FindBefore(int place, string text)
    {
        for (var at = Math.Min(place, lines.Count) - 1; at >= 0; at--)
        {
            if (lines[at].Contains(text, StringComparison.OrdinalIgnoreCase))
            {
                return at;
            }
        }

        return null;
    }
}
