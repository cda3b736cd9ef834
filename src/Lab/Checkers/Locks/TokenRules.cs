namespace Cluster.Lab.Checkers.Locks;

/// <summary>Tokens have one session each, rise with time, and hold nothing once they have passed on or were released.</summary>
internal static class TokenRules
{
    public static IEnumerable<string> Broken(LockHistory seen) => GivenTwice(seen).Concat(HeldLate(seen)).Concat(HeldAfterItsEnd(seen));

    private static IEnumerable<string> GivenTwice(LockHistory seen) =>
        from token in seen.Grants.GroupBy(grant => grant.Token)
        where token.Count() > 1 && (token.Any(grant => grant.Session is null) || token.Select(grant => grant.Session).Distinct(StringComparer.Ordinal).Count() > 1)
        select $"token {token.Key} of {seen.Name} was given to " + string.Join(" and ", token.Select(grant => $"process {grant.Operation.Process} at {Instant.Of(grant.Operation.Return)}"));

    /// <summary>Whoever acquires, renews or releases holds the lock at some instant of it, and so nobody can have held it with a newer token before.</summary>
    private static IEnumerable<string> HeldLate(LockHistory seen) =>
        from pair in Rising.Broken(seen.Holdings, holding => holding.Token, holding => holding.Operation.Call, holding => holding.Operation.Return)
        select $"process {pair.After.Operation.Process} {Did(pair.After)} token {pair.After.Token} of {seen.Name} at {Instant.Of(pair.After.Operation.Return)}, after process {pair.Before.Operation.Process} had {Did(pair.Before)} {pair.Before.Token} by {Instant.Of(pair.Before.Operation.Return)}";

    private static IEnumerable<string> HeldAfterItsEnd(LockHistory seen)
    {
        var ends = seen.Holdings.Where(holding => holding.Ends).GroupBy(holding => holding.Token).ToDictionary(token => token.Key, token => token.MinBy(end => end.Operation.Return)!.Operation);
        return from holding in seen.Holdings
               where ends.TryGetValue(holding.Token, out var end) && end.Return < holding.Operation.Call
               let released = ends[holding.Token]
               select $"process {holding.Operation.Process} {Did(holding)} token {holding.Token} of {seen.Name} at {Instant.Of(holding.Operation.Return)}, after process {released.Process} had released it by {Instant.Of(released.Return)}";
    }

    private static string Did(LockHistory.Holding holding) => holding.Operation.Op switch { "acquire" => "got", "renew" => "renewed", _ => "released" };
}
