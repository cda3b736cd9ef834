namespace Cluster.Lab.Checkers.Locks;

/// <summary>A fair queue: tickets rise in the order of asking, each has one session, and the lock is granted in their order.</summary>
internal static class QueueRules
{
    public static IEnumerable<string> Broken(LockHistory seen) => GivenTwice(seen).Concat(GivenLate(seen)).Concat(Overtaken(seen));

    private static IEnumerable<string> GivenTwice(LockHistory seen) =>
        from ticket in seen.Tickets.GroupBy(ticket => ticket.Ticket)
        let sessions = ticket.Select(one => one.Session).Distinct(StringComparer.Ordinal).ToList()
        where sessions.Count > 1
        select $"ticket {ticket.Key} of {seen.Name} was given to {string.Join(" and ", sessions)}";

    /// <summary>Whoever was seen in the queue before another one began to ask is before it.</summary>
    private static IEnumerable<string> GivenLate(LockHistory seen) =>
        from pair in Rising.Broken(seen.Tickets, ticket => ticket.Ticket, ticket => ticket.FirstCall, ticket => ticket.Operation.Return)
        select $"{pair.After.Session} has ticket {pair.After.Ticket} of {seen.Name} and first asked at {Instant.Of(pair.After.FirstCall)}, after {pair.Before.Session} had had {pair.Before.Ticket} by {Instant.Of(pair.Before.Operation.Return)}";

    private static IEnumerable<string> Overtaken(LockHistory seen)
    {
        var granted = seen.Tickets.Where(ticket => ticket.Token > 0).DistinctBy(ticket => (ticket.Token, ticket.Ticket)).OrderBy(ticket => ticket.Token).ToList();
        return granted.Zip(granted.Skip(1))
            .Where(pair => pair.First.Token < pair.Second.Token && pair.First.Ticket > pair.Second.Ticket)
            .Select(pair => $"{pair.First.Session} was granted {seen.Name} with token {pair.First.Token} before {pair.Second.Session}, who had the earlier ticket {pair.Second.Ticket}, not {pair.First.Ticket}");
    }
}
