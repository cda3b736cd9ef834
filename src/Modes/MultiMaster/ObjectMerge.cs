namespace Cluster.Modes.MultiMaster;

/// <summary>
/// The join of two states of one object: commutative, associative, idempotent, and never less than either. So replicas that have merged the same updates are in the same state, in whatever order and however often
/// they have met them (strong eventual consistency, Shapiro et al. 2011).
/// </summary>
internal static class ObjectMerge
{
    /// <summary>Where sums of the broken variant end: it doubles its counts with each merge.</summary>
    private const long SumMax = 1L << 60;

    public static ReplicatedObject Join(ReplicatedObject one, ReplicatedObject other, MergeRules rules)
    {
        var entries = one.Type switch
        {
            ObjectType.Counter => [],
            ObjectType.LastWriterWins => Latest(one.Entries.Concat(other.Entries)),
            ObjectType.Siblings when rules.DropsSiblings => Latest(Survivors(one, other)),
            _ => [.. Survivors(one, other)],
        };
        return one with
        {
            Versions = one.Versions.Join(other.Versions),
            Entries = entries,
            Counts = one.Type == ObjectType.Counter ? Counts(one.Counts ?? [], other.Counts ?? [], rules) : null,
        };
    }

    /// <summary>Later by stamp; of equal stamps by dot, so that all replicas choose the same.</summary>
    public static bool IsLater(DottedEntry one, DottedEntry other)
    {
        var order = one.Stamp.CompareTo(other.Stamp);
        order = order != 0 ? order : string.CompareOrdinal(one.Dot.Replica, other.Dot.Replica);
        return order != 0 ? order > 0 : one.Dot.Number > other.Dot.Number;
    }

    public static IReadOnlyList<DottedEntry> Sorted(IEnumerable<DottedEntry> entries) =>
        [.. entries.OrderBy(entry => entry.Field, StringComparer.Ordinal).ThenBy(entry => entry.Dot.Replica, StringComparer.Ordinal).ThenBy(entry => entry.Dot.Number)];

    /// <summary>
    /// What both have, and what one has and the other has never heard of. What the other has heard of and does not have was taken away there: no tombstone says so, the version vector does
    /// (Bieniusa et al. 2012).
    /// </summary>
    private static IReadOnlyList<DottedEntry> Survivors(ReplicatedObject one, ReplicatedObject other)
    {
        var (mine, theirs) = (one.Entries.Select(entry => entry.Dot).ToHashSet(), other.Entries.Select(entry => entry.Dot).ToHashSet());
        return Sorted(one.Entries.Where(entry => theirs.Contains(entry.Dot) || !other.Versions.Covers(entry.Dot))
            .Concat(other.Entries.Where(entry => !mine.Contains(entry.Dot) && !one.Versions.Covers(entry.Dot))));
    }

    private static IReadOnlyList<DottedEntry> Latest(IEnumerable<DottedEntry> entries)
    {
        DottedEntry? latest = null;
        foreach (var entry in entries)
        {
            latest = latest is null || IsLater(entry, latest) ? entry : latest;
        }

        return latest is null ? [] : [latest];
    }

    private static List<ReplicaCount> Counts(IReadOnlyList<ReplicaCount> one, IReadOnlyList<ReplicaCount> other, MergeRules rules)
    {
        var merged = new SortedDictionary<string, ReplicaCount>(StringComparer.Ordinal);
        foreach (var count in one.Concat(other))
        {
            merged[count.Replica] = !merged.TryGetValue(count.Replica, out var had) ? count
                : rules.SumsCounts ? new ReplicaCount(count.Replica, Math.Min(SumMax, had.Up + count.Up), Math.Min(SumMax, had.Down + count.Down))
                : new ReplicaCount(count.Replica, Math.Max(had.Up, count.Up), Math.Max(had.Down, count.Down));
        }

        return [.. merged.Values];
    }
}
