using System.Globalization;
using Cluster.Lab.Histories;

namespace Cluster.Lab.Checkers.Locks;

/// <summary>What clients saw of one lock, with the numbers in it read.</summary>
internal sealed class LockHistory
{
    private LockHistory(string name) => Name = name;

    public string Name { get; }

    /// <summary>Acquisitions that gave a token, and renewals and releases that were accepted: whoever sent them held the lock then.</summary>
    public List<Holding> Holdings { get; } = [];

    public IEnumerable<Holding> Grants => Holdings.Where(holding => holding.Operation.Op == "acquire");

    /// <summary>Tickets as they were seen, of those who were granted the lock and of those who waited.</summary>
    public List<SeenTicket> Tickets { get; } = [];

    /// <summary>Accesses that the resource let through.</summary>
    public List<Accepted> Accesses { get; } = [];

    /// <summary>Null where an output or an input is no whole number.</summary>
    public static LockHistory? Read(string name, IReadOnlyList<Operation> operations)
    {
        var history = new LockHistory(name);
        var firstCalls = operations.Where(operation => operation is { Op: "acquire", Input: [not null] })
            .GroupBy(operation => operation.Input[0]!, StringComparer.Ordinal)
            .ToDictionary(session => session.Key, session => session.Min(operation => operation.Call), StringComparer.Ordinal);
        return operations.Where(operation => operation.Outcome == Outcome.Ok).All(operation => history.Read(operation, firstCalls)) ? history : null;
    }

    private bool Read(Operation operation, Dictionary<string, long> firstCalls)
    {
        var input = operation.Input is [{ } given, ..] ? given : null;
        switch (operation.Op)
        {
            case "acquire":
                return ReadAcquire(operation, input, firstCalls);
            case "access" when Number(input) is { } token && Number(operation.Output) is { } number:
                Accesses.Add(new Accepted(operation, token, number));
                return true;
            case "release" when input is null:
                return true; // It does not say of which token.
            case "release" or "renew" when Number(input) is { } token:
                Holdings.Add(new Holding(operation, token, Session: null, Ends: operation is { Op: "release", Output: null or "0" }));
                return true;
            default:
                return operation.Op == "withdraw";
        }
    }

    private bool ReadAcquire(Operation operation, string? session, Dictionary<string, long> firstCalls)
    {
        var words = operation.Output?.Split(' ') ?? [];
        if (words.Length is not (1 or 2) || Number(words[0]) is not { } token)
        {
            return false;
        }

        if (token > 0)
        {
            Holdings.Add(new Holding(operation, token, session, Ends: false));
        }

        if (words.Length == 2)
        {
            if (Number(words[1]) is not { } ticket || session is null)
            {
                return false;
            }

            Tickets.Add(new SeenTicket(operation, ticket, token, session, firstCalls[session]));
        }

        return true;
    }

    private static long? Number(string? text) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    /// <param name="Session">Of an acquisition; null where every one is of its own.</param>
    /// <param name="Ends">Whether nobody holds the lock with this token afterwards.</param>
    internal sealed record Holding(Operation Operation, long Token, string? Session, bool Ends);

    /// <param name="Token">0: a place in the queue.</param>
    /// <param name="FirstCall">When the session first asked for this lock: it had no ticket before.</param>
    internal sealed record SeenTicket(Operation Operation, long Ticket, long Token, string Session, long FirstCall);

    internal sealed record Accepted(Operation Operation, long Token, long Number);
}
