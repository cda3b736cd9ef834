namespace Cluster.Lab.Checkers;

/// <summary>Numbers that are given in rising order: what was given for certain after another one must be higher.</summary>
internal static class Rising
{
    /// <param name="number">What was given.</param>
    /// <param name="from">It was not given before.</param>
    /// <param name="until">It was given by then.</param>
    /// <returns>Pairs where the later number is lower; each later item with the highest before it.</returns>
    public static IEnumerable<(T Before, T After)> Broken<T>(IReadOnlyCollection<T> items, Func<T, long> number, Func<T, long> from, Func<T, long> until)
        where T : class
    {
        var byUntil = items.OrderBy(until).ToList();
        var next = 0;
        T? highest = null;
        foreach (var item in items.OrderBy(from))
        {
            for (; next < byUntil.Count && until(byUntil[next]) < from(item); next++)
            {
                highest = highest is null || number(byUntil[next]) > number(highest) ? byUntil[next] : highest;
            }

            if (highest is not null && number(highest) > number(item))
            {
                yield return (highest, item);
            }
        }
    }
}
