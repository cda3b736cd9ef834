using Cluster.Modes.Shop;

namespace Cluster.Modes.Tests.Shop;

/// <summary>
/// Ledgers, and drivers of an order that die: every message is counted, and whoever sends the one of a number dies at it, before it arrives, after it has taken effect and before its answer, or so that it
/// arrives long after.
/// </summary>
internal abstract class MortalWorld(Order order)
{
    private readonly Dictionary<(Participant, string), Book> books = [];
    private readonly List<Action> late = [];

    public DateTimeOffset Now { get; protected set; } = Book.Start;

    /// <summary>Messages sent so far.</summary>
    public int Messages { get; private set; }

    /// <summary>At which message whoever sends it dies; null for none any more.</summary>
    public (int At, Death How)? Fate { get; set; }

    /// <summary>What was sent, and what has happened.</summary>
    public List<string> Trace { get; } = [];

    /// <summary>A line for each message, with what it made happen.</summary>
    public string Course => string.Join('\n', Trace.Aggregate(new List<string>(), (lines, word) =>
    {
        if (word == "log" || word.Contains(' ', StringComparison.Ordinal))
        {
            lines.Add(word);
        }
        else
        {
            lines[^1] += " " + word;
        }

        return lines;
    }));

    protected Order Order => order;

    public EntryState? At(Participant participant) => BookOf(participant).State.Find(order.Id)?.State;

    public long HeldAt(Participant participant) => Ledger.Opening - BookOf(participant).State.Available;

    public string? LockAt(Participant participant) => BookOf(participant).State.LockedBy;

    public object Ask(Participant participant, LedgerCommand command) => BookOf(participant).Reply(command);

    /// <summary>Takes what had been on its way all the time to where it was going.</summary>
    public void DeliverLate() => late.ForEach(message => message());

    /// <summary>False: whoever lived it died.</summary>
    protected static bool Live(Action life)
    {
        try
        {
            life();
            return true;
        }
        catch (DriverDiedException)
        {
            return false;
        }
    }

    protected object Tell(Participant participant, string ledger, LedgerCommand command) => Send($"{command.GetType().Name} {participant}", () =>
    {
        var book = BookOf(participant, ledger);
        book.Now = Now;
        return book.Reply(command);
    });

    protected T Send<T>(string what, Func<T> arrive)
    {
        var number = Messages++;
        if (Fate is not { } fate || fate.At != number)
        {
            Trace.Add(what);
            return arrive();
        }

        Fate = null;
        Trace.Add($"({what}: whoever sends it dies, {fate.How})");
        if (fate.How == Death.After)
        {
            arrive();
        }
        else if (fate.How == Death.MessageLate)
        {
            late.Add(() => arrive());
        }

        throw new DriverDiedException();
    }

    private Book BookOf(Participant participant) => BookOf(participant, order.LedgerAt(participant));

    private Book BookOf(Participant participant, string ledger)
    {
        var key = (participant, ledger);
        return books.TryGetValue(key, out var book) ? book : books[key] = new Book();
    }

    private sealed class DriverDiedException : Exception;
}
