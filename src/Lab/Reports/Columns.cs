using System.Text.Json;

namespace Cluster.Lab.Reports;

/// <summary>
/// Writes many things of one kind as columns, not as rows: a hundred thousand of them are some megabytes then, and a browser reads them at once.
/// </summary>
internal static class Columns
{
    public static void WriteNumbers<T>(Utf8JsonWriter json, string name, IEnumerable<T> items, Func<T, long> number)
    {
        json.WriteStartArray(name);
        foreach (var item in items)
        {
            json.WriteNumberValue(number(item));
        }

        json.WriteEndArray();
    }

    public static void WriteTexts(Utf8JsonWriter json, string name, IEnumerable<string> texts)
    {
        json.WriteStartArray(name);
        foreach (var text in texts)
        {
            json.WriteStringValue(text);
        }

        json.WriteEndArray();
    }

    /// <summary>A column of few different texts: a list of them under the name with an s, and indices into it.</summary>
    /// <param name="known">Texts that are to have the first indices, whether they occur or not.</param>
    public static void WriteIndexed<T>(Utf8JsonWriter json, string name, IReadOnlyCollection<T> items, Func<T, string> text, params IReadOnlyList<string> known)
    {
        var places = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var first in known)
        {
            places.TryAdd(first, places.Count);
        }

        var indices = items.Select(item => IndexOf(places, text(item))).ToList();
        WriteTexts(json, name + "s", places.Keys);
        WriteNumbers(json, name, indices, index => index);
    }

    /// <summary>The place of a text among those seen; a new one gets the next.</summary>
    public static int IndexOf(Dictionary<string, int> places, string text)
    {
        if (!places.TryGetValue(text, out var place))
        {
            places.Add(text, place = places.Count);
        }

        return place;
    }

    /// <summary>A browser's numbers hold microseconds for centuries.</summary>
    public static long Microseconds(long nanoseconds) => nanoseconds / 1000;

    /// <summary>A text no longer than that, and a sign where it was cut.</summary>
    public static string Short(string text, int longest) => text.Length <= longest ? text : string.Concat(text.AsSpan(0, longest), "…");
}
