using System.Collections.Immutable;

namespace Cluster.Modes.DistributedDatabase.Ranges;

/// <summary>Immutable lists in the ordinal order of a name: found and changed in O(log n), and read on from any place, which immutable dictionaries do not offer.</summary>
internal static class Sorted
{
    /// <summary>The place of the first that is not before the name.</summary>
    public static int Seek<T>(ImmutableList<T> list, string name, Func<T, string> nameOf) => Seek(list, one => string.CompareOrdinal(nameOf(one), name));

    /// <param name="compare">Below zero for what is before the place.</param>
    public static int Seek<T>(ImmutableList<T> list, Func<T, int> compare)
    {
        var (low, high) = (0, list.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = compare(list[middle]) < 0 ? (middle + 1, high) : (low, middle);
        }

        return low;
    }

    public static T? Find<T>(ImmutableList<T> list, string name, Func<T, string> nameOf)
        where T : class
    {
        var at = Seek(list, name, nameOf);
        return at < list.Count && nameOf(list[at]) == name ? list[at] : null;
    }

    /// <summary>With this one, in place of the one of its name.</summary>
    public static ImmutableList<T> Set<T>(ImmutableList<T> list, T one, Func<T, string> nameOf)
        where T : class
    {
        var at = Seek(list, nameOf(one), nameOf);
        return at < list.Count && nameOf(list[at]) == nameOf(one) ? list.SetItem(at, one) : list.Insert(at, one);
    }

    public static ImmutableList<T> Remove<T>(ImmutableList<T> list, string name, Func<T, string> nameOf)
        where T : class
    {
        var at = Seek(list, name, nameOf);
        return at < list.Count && nameOf(list[at]) == name ? list.RemoveAt(at) : list;
    }

    /// <summary>From a place on.</summary>
    public static IEnumerable<T> From<T>(ImmutableList<T> list, int at)
    {
        for (; at < list.Count; at++)
        {
            yield return list[at];
        }
    }
}
