using System.Globalization;

namespace Cluster.Client.Labs;

/// <summary>Seeds one after the other, as <c>--seed</c> takes them: <c>42</c>, or <c>1..200</c>.</summary>
internal readonly record struct SeedRange(int First, int Count)
{
    /// <summary>A day of the simulator.</summary>
    private const int Most = 1_000_000;

    /// <exception cref="FormatException">It is neither one seed nor a range that rises.</exception>
    public static SeedRange Parse(string text)
    {
        var ends = text.Split("..");
        var numbers = ends.Select(end => int.TryParse(end, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : (int?)null).ToArray();
        return numbers switch
        {
            [{ } one] => new SeedRange(one, 1),
            [{ } first, { } last] when last >= first && (long)last - first < Most => new SeedRange(first, last - first + 1),
            _ => throw new FormatException($"'{text}' is neither a seed nor a range of them: write 42, or 1..200 (at most {Most})"),
        };
    }
}
