using System.Globalization;
using Cluster.Lab.Histories;

namespace Cluster.Lab.Checkers.Leaders;

/// <summary>
/// Leaders by what they did. take -> TICKET EPOCH LEADER WORKER; who -> EPOCH LEADER; book -> a line a reign, EPOCH LEADER FIRST LAST. An epoch has one leader; a ticket is assigned
/// once; along the tickets, and from one answer to what was asked after it, epochs never go back; the book says the same as the answers did; and a leader that a fault takes away is replaced.
/// </summary>
public sealed class LeaderChecker : IChecker
{
    public string Name => "leader";

    public bool Understands(Operation operation) => operation is { Op: "take" or "who" or "book", Input: [] };

    public CheckResult Check(History history)
    {
        var evidence = new Evidence();
        var (broken, tickets) = (0, 0);
        var reigns = new SortedSet<long>();
        var gap = default((long Length, long From, long Next));
        var answers = new List<(Operation Operation, string Leader)>();
        foreach (var key in history.Operations.Where(operation => operation is { Outcome: Outcome.Ok, Output: not null }).GroupBy(operation => operation.Key).OrderBy(key => key.Key, StringComparer.Ordinal))
        {
            if (!TryRead(key, out var said, out var books))
            {
                return new CheckResult(Name, Verdict.Unknown, $"an answer about {key.Key} is not as this checker reads it", []);
            }

            var taken = said.Where(saying => saying.Ticket > 0).OrderBy(saying => saying.Ticket).ToList();
            tickets += taken.Count;
            reigns.UnionWith(said.Select(saying => saying.Epoch));
            broken += OneLeaderAnEpoch(said, books, evidence) + OnceEach(taken, evidence) + RisingWithTickets(taken, evidence) + RisingWithTime(said, taken, evidence) + books.Sum(book => InBook(book, taken, evidence));
            gap = Max(gap, LongestGap(said));
            answers.AddRange(said.Select(saying => (saying.Operation, saying.Leader)));
        }

        var takeovers = Takeovers.Of(answers, history.Operations, history, evidence);
        broken += takeovers.Missed;
        var summary = string.Create(CultureInfo.InvariantCulture, $"{tickets} tickets under {reigns.Count} epochs, {broken} broken");
        if (gap.Length > 0)
        {
            summary += string.Create(CultureInfo.InvariantCulture, $"; longest without a leader {gap.Length / 1e9:0.00} s, from {Instant.Of(gap.From)} until epoch {gap.Next}");
        }

        summary += $"; {takeovers}";
        return evidence.Conclude(Name, summary, broken > 0, tickets == 0 ? "nobody took a ticket" : null);
    }

    private static int OneLeaderAnEpoch(List<Saying> said, List<Book> books, Evidence evidence)
    {
        var broken = 0;
        foreach (var epoch in said.Concat(books.SelectMany(book => book.Reigns)).GroupBy(saying => saying.Epoch).Where(epoch => epoch.Select(saying => saying.Leader).Distinct().Count() > 1))
        {
            broken++;
            var leaders = epoch.GroupBy(saying => saying.Leader).Select(leader => leader.MinBy(saying => saying.Operation.Return)!);
            evidence.Add($"epoch {epoch.Key} has {string.Join(" and ", leaders.Select(leader => $"{leader.Leader} for leader ({leader})"))}");
        }

        return broken;
    }

    private static int OnceEach(List<Saying> taken, Evidence evidence)
    {
        var broken = 0;
        foreach (var twice in taken.GroupBy(saying => saying.Ticket).Where(ticket => ticket.Count() > 1))
        {
            broken++;
            evidence.Add($"ticket {twice.Key} was assigned {twice.Count()} times: {string.Join("; ", twice)}");
        }

        return broken;
    }

    private static int RisingWithTickets(List<Saying> taken, Evidence evidence)
    {
        var broken = 0;
        foreach (var (before, after) in taken.Zip(taken.Skip(1)))
        {
            if (after.Epoch < before.Epoch)
            {
                broken++;
                evidence.Add($"ticket {after.Ticket} is of epoch {after.Epoch} ({after.Leader}), behind ticket {before.Ticket} of epoch {before.Epoch} ({before.Leader})");
            }
        }

        return broken;
    }

    /// <summary>Whoever asks after an answer came hears of no older epoch, and gets a later ticket.</summary>
    private static int RisingWithTime(List<Saying> said, List<Saying> taken, Evidence evidence)
    {
        var broken = 0;
        foreach (var (before, after) in InTime(said, saying => saying.Epoch).Concat(InTime(taken, saying => saying.Ticket)))
        {
            broken++;
            evidence.Add($"{after}, asked after {before}");
        }

        return broken;

        static IEnumerable<(Saying Before, Saying After)> InTime(List<Saying> sayings, Func<Saying, long> number) =>
            Rising.Broken(sayings, number, saying => saying.Operation.Call, saying => saying.Operation.Return);
    }

    /// <summary>What stands in the book: epochs rise, and every ticket that somebody got stands under its epoch.</summary>
    private static int InBook(Book book, List<Saying> taken, Evidence evidence)
    {
        var broken = 0;
        foreach (var (before, after) in book.Reigns.Zip(book.Reigns.Skip(1)))
        {
            if (after.Epoch <= before.Epoch)
            {
                broken++;
                evidence.Add($"in the book epoch {after.Epoch} of {after.Leader} (from ticket {after.Ticket}) stands behind epoch {before.Epoch} of {before.Leader} (from ticket {before.Ticket})");
            }
        }

        // A book that is long enough has forgotten its oldest reigns; one that begins with ticket 1, or is empty, has not.
        var first = book.Reigns.Count > 0 ? book.Reigns[0].Ticket : 1;
        foreach (var ticket in taken.Where(ticket => ticket.Operation.Return < book.Read.Call && ticket.Ticket >= first))
        {
            if (!book.Reigns.Exists(reign => reign.Ticket <= ticket.Ticket && ticket.Ticket <= reign.Last && reign.Epoch == ticket.Epoch && reign.Leader == ticket.Leader))
            {
                broken++;
                evidence.Add($"{ticket}, and the book has it under no such reign");
            }
        }

        return broken;
    }

    /// <summary>From one leader's answer to the next, whoever gave them: one that was silent and comes back under its old epoch was away, too.</summary>
    private static (long Length, long From, long Next) LongestGap(List<Saying> said)
    {
        var longest = default((long, long, long));
        var inOrder = said.OrderBy(saying => saying.Operation.Return).ToList();
        foreach (var (before, after) in inOrder.Zip(inOrder.Skip(1)))
        {
            longest = Max(longest, (after.Operation.Return - before.Operation.Return, before.Operation.Return, after.Epoch));
        }

        return longest;
    }

    private static (long Length, long From, long Next) Max((long Length, long From, long Next) one, (long Length, long From, long Next) other) => other.Length > one.Length ? other : one;

    private static bool TryRead(IEnumerable<Operation> operations, out List<Saying> said, out List<Book> books)
    {
        (said, books) = ([], []);
        foreach (var operation in operations)
        {
            var lines = operation.Output!.Split('\n', StringSplitOptions.RemoveEmptyEntries);
            var read = lines.Select(line => Saying.Read(operation, line.Split(' '))).OfType<Saying>().ToList();
            if (read.Count != lines.Length || (operation.Op != "book" && read.Count != 1))
            {
                return false;
            }

            if (operation.Op == "book")
            {
                books.Add(new Book(operation, read));
            }
            else
            {
                said.Add(read[0]);
            }
        }

        return true;
    }

    /// <summary>The book as one read found it.</summary>
    private sealed record Book(Operation Read, List<Saying> Reigns);

    /// <summary>Who led under which epoch, as one answer says.</summary>
    /// <param name="Ticket">Taken; or a reign's first; 0 for none.</param>
    /// <param name="Last">A reign's last.</param>
    private sealed record Saying(Operation Operation, long Epoch, string Leader, long Ticket, long Last)
    {
        public static Saying? Read(Operation operation, string[] words) => (operation.Op, words) switch
        {
            ("take", [var ticket, var epoch, var leader, _]) when Number(ticket) is > 0 and var number && Under(epoch) is { } under => new Saying(operation, under, leader, number, number),
            ("who", [var epoch, var leader]) when Under(epoch) is { } under => new Saying(operation, under, leader, 0, 0),
            ("book", [var epoch, var leader, var first, var last]) when Under(epoch) is { } under && Number(first) is > 0 and var from && Number(last) is > 0 and var to => new Saying(operation, under, leader, from, to),
            _ => null,
        };

        public override string ToString() => Operation.Op switch
        {
            "take" => $"process {Operation.Process} got ticket {Ticket} of epoch {Epoch} from {Leader} at {Instant.Of(Operation.Return)}",
            "who" => $"process {Operation.Process} heard at {Instant.Of(Operation.Return)} that {Leader} leads under epoch {Epoch}",
            _ => $"in the book for tickets {Ticket} to {Last}",
        };

        private static long Number(string text) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : -1;

        private static long? Under(string text) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
    }
}
