namespace Cluster.Client;

/// <summary>The known word nearest to a mistyped one.</summary>
internal static class Suggestion
{
    /// <summary>Null if none is near: more than a third of the letters differ.</summary>
    public static string? For(string word, IEnumerable<string> known)
    {
        var best = known.Select(candidate => (candidate, distance: Distance(word, candidate))).OrderBy(pair => pair.distance).ThenBy(pair => pair.candidate, StringComparer.Ordinal).FirstOrDefault();
        return best.candidate is not null && best.distance <= Math.Max(1, best.candidate.Length / 3) ? best.candidate : null;
    }

    /// <summary>The end of a sentence that refuses a word; nothing where none is near.</summary>
    public static string Words(string? nearest) => nearest is null ? "" : $"; did you mean '{nearest}'?";

    /// <summary>Says that there is no such thing, and which there are.</summary>
    public static UsageException Unknown(string what, string name, IEnumerable<string> known)
    {
        var names = known.ToList();
        return new UsageException($"there is no {what} '{name}'{Words(For(name, names))} (there are: {string.Join(", ", names)})");
    }

    /// <summary>How many letters must be put in, taken out or changed (Levenshtein 1966).</summary>
    internal static int Distance(string a, string b)
    {
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var above = row[j];
                row[j] = Math.Min(Math.Min(row[j], row[j - 1]) + 1, diagonal + (a[i - 1] == b[j - 1] ? 0 : 1));
                diagonal = above;
            }
        }

        return row[b.Length];
    }
}
