using System.Collections.Immutable;

namespace Cluster.Modes.Streams;

/// <summary>Shares partitions out among members: shares differ by one at most, and as many partitions as that allows stay where they are (KIP-54).</summary>
internal static class StickyAssignment
{
    /// <param name="before">What each member has now; of one that is new, nothing.</param>
    public static ImmutableSortedDictionary<string, ImmutableArray<int>> Of(int partitions, IReadOnlyDictionary<string, ImmutableArray<int>> before)
    {
        if (before.Count == 0)
        {
            return ImmutableSortedDictionary.Create<string, ImmutableArray<int>>(StringComparer.Ordinal);
        }

        var (least, more) = (partitions / before.Count, partitions % before.Count);
        var shares = new SortedDictionary<string, List<int>>(StringComparer.Ordinal);
        var room = new Dictionary<string, int>(StringComparer.Ordinal);
        var free = Enumerable.Range(0, partitions).ToHashSet();

        // Those that have most may keep one more: so the fewest move.
        foreach (var (member, has) in before.OrderByDescending(member => member.Value.Count(partition => partition < partitions)).ThenBy(member => member.Key, StringComparer.Ordinal))
        {
            room[member] = least + (more-- > 0 ? 1 : 0);
            shares[member] = [.. has.Where(free.Contains).Take(room[member])];
            free.ExceptWith(shares[member]);
        }

        foreach (var partition in free.Order())
        {
            shares.First(share => share.Value.Count < room[share.Key]).Value.Add(partition);
        }

        return shares.ToImmutableSortedDictionary(share => share.Key, share => share.Value.Order().ToImmutableArray(), StringComparer.Ordinal);
    }
}
