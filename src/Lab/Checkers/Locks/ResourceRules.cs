namespace Cluster.Lab.Checkers.Locks;

/// <summary>Accesses, in the order in which the resource let them through: each has a number of its own, numbers rise with time, and tokens never go back.</summary>
internal static class ResourceRules
{
    public static IEnumerable<string> Broken(LockHistory seen) => Fenced(seen).Concat(Numbered(seen)).Concat(Known(seen));

    private static IEnumerable<string> Fenced(LockHistory seen)
    {
        LockHistory.Accepted? newest = null;
        foreach (var access in seen.Accesses.OrderBy(access => access.Number))
        {
            if (newest is not null && access.Token < newest.Token)
            {
                yield return $"process {access.Operation.Process} used {seen.Name} with token {access.Token} at {Instant.Of(access.Operation.Return)}, after process {newest.Operation.Process} had used it with the newer {newest.Token} by {Instant.Of(newest.Operation.Return)}";
            }
            else
            {
                newest = access;
            }
        }
    }

    private static IEnumerable<string> Numbered(LockHistory seen) => seen.Accesses.GroupBy(access => access.Number)
        .Where(number => number.Count() > 1)
        .Select(number => $"access {number.Key} of {seen.Name} was counted for {string.Join(" and ", number.Select(access => $"process {access.Operation.Process}"))}")
        .Concat(Rising.Broken(seen.Accesses, access => access.Number, access => access.Operation.Call, access => access.Operation.Return).Select(pair =>
            $"process {pair.After.Operation.Process} had access {pair.After.Number} of {seen.Name} at {Instant.Of(pair.After.Operation.Return)}, after process {pair.Before.Operation.Process} had had {pair.Before.Number} by {Instant.Of(pair.Before.Operation.Return)}"));

    /// <summary>A token below the newest may be one whose client never heard of it; one above all cannot be.</summary>
    private static IEnumerable<string> Known(LockHistory seen)
    {
        var newest = seen.Grants.Select(grant => grant.Token).DefaultIfEmpty(long.MaxValue).Max();
        return seen.Accesses.Where(access => access.Token > newest).Select(access => $"process {access.Operation.Process} used {seen.Name} with token {access.Token}, which nobody was given");
    }
}
