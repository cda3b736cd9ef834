using System.Globalization;
using Cluster.Engine.Port;
using Cluster.Modes.Shop;
using FsCheck;
using FsCheck.Fluent;

namespace Cluster.Modes.Tests.Shop;

/// <summary>A ledger makes and loses nothing, and each order has one effect there, whatever comes how often and in which order.</summary>
public class LedgerTests
{
    private static readonly string[] Orders = ["a", "b", "c"];
    private readonly Book book = new();

    [Fact]
    public void A_step_that_comes_twice_takes_once()
    {
        Assert.Equal(EntryState.Taken, book.Tell(new Take("a", 10, long.MaxValue, false)).State);
        Assert.Equal(EntryState.Taken, book.Tell(new Take("a", 10, long.MaxValue, false)).State);

        Assert.Equal(Ledger.Opening - 10, book.State.Available);
    }

    [Fact]
    public void A_compensation_that_comes_before_its_step_leaves_nothing_for_the_step_to_do()
    {
        Assert.Equal(EntryState.GivenBack, book.Tell(new GiveBack("a")).State);
        Assert.Equal(EntryState.GivenBack, book.Tell(new Take("a", 10, long.MaxValue, false)).State);

        Assert.Equal(Ledger.Opening, book.State.Available);
    }

    [Fact]
    public void A_compensation_that_comes_twice_gives_back_once_and_blindly_twice()
    {
        book.Tell(new Take("a", 10, long.MaxValue, false));
        book.Tell(new GiveBack("a"));
        book.Tell(new GiveBack("a"));
        Assert.Equal(Ledger.Opening, book.State.Available);

        book.Tell(new GiveBack("a", Blindly: true));
        Assert.Equal(Ledger.Opening + 10, book.State.Available);
    }

    [Theory]
    [InlineData(Ledger.Opening + 1, false, 0, "are left")]
    [InlineData(1, true, 0, "told to refuse")]
    [InlineData(1, false, 5, "after its deadline")]
    public void A_refusal_says_why_and_stays(long amount, bool fails, long minutesLate, string why)
    {
        book.Now += TimeSpan.FromMinutes(minutesLate);
        var refused = book.Tell(new Take("a", amount, Book.Start.ToUnixTimeMilliseconds(), fails));

        Assert.Equal(EntryState.Refused, refused.State);
        Assert.Contains(why, refused.Why, StringComparison.Ordinal);
        Assert.Equal(EntryState.Refused, book.Tell(new Take("a", 1, long.MaxValue, false)).State);
        Assert.Equal(Ledger.Opening, book.State.Available);
    }

    [Fact]
    public void What_is_settled_cannot_be_given_back()
    {
        book.Tell(new Take("a", 10, long.MaxValue, false));
        book.Tell(new Settle("a"));

        Assert.Equal(EntryState.Settled, book.Tell(new GiveBack("a")).State);
        Assert.Equal(Ledger.Opening - 10, book.State.Available);
        Assert.Contains("not known", book.Refusal(new Settle("b")), StringComparison.Ordinal);
    }

    [Fact]
    public void One_promise_at_a_time_and_the_lock_goes_with_the_decision()
    {
        Assert.Equal(EntryState.Prepared, book.Tell(new Prepare("a", 10, false)).State);
        Assert.Equal("a", Assert.IsType<LedgerLocked>(book.Reply(new Prepare("b", 5, false))).By);

        book.Now += TimeSpan.FromSeconds(3);
        Assert.Equal(3_000, book.Tell(new Commit("a")).HeldMs);
        Assert.Equal(EntryState.Prepared, book.Tell(new Prepare("b", 5, false)).State);
        Assert.Equal(EntryState.Aborted, book.Tell(new Abort("b")).State);
        Assert.Null(book.State.LockedBy);
        Assert.Equal(Ledger.Opening - 10, book.State.Available);
    }

    [Fact]
    public void An_abort_that_comes_before_the_request_to_prepare_votes_it_down()
    {
        book.Tell(new Abort("a"));

        Assert.Equal(EntryState.Aborted, book.Tell(new Prepare("a", 10, false)).State);
        Assert.Null(book.State.LockedBy);
    }

    [Fact]
    public void A_decision_is_never_turned_round()
    {
        book.Tell(new Prepare("a", 10, false));
        book.Tell(new Commit("a"));
        Assert.Contains("committed", book.Refusal(new Abort("a")), StringComparison.Ordinal);

        book.Tell(new Abort("b"));
        Assert.Contains("aborted", book.Refusal(new Commit("b")), StringComparison.Ordinal);
        Assert.Contains("not known", book.Refusal(new Commit("c")), StringComparison.Ordinal);
    }

    [Fact]
    public void Another_order_under_the_same_id_is_refused_and_undoes_nothing()
    {
        book.Tell(new Take("a", 10, long.MaxValue, false, Content: 1));
        book.Tell(new Prepare("b", 5, false, Content: 1));

        Assert.Contains("another order", book.Refusal(new Take("a", 10, long.MaxValue, false, Content: 2)), StringComparison.Ordinal);
        Assert.Contains("another order", book.Refusal(new Prepare("b", 5, false, Content: 2)), StringComparison.Ordinal);
        Assert.Contains("another order", book.Refusal(new Settle("a", Content: 2)), StringComparison.Ordinal);
        Assert.Contains("another order", book.Refusal(new Commit("b", Content: 2)), StringComparison.Ordinal);
        Assert.Equal(EntryState.GivenBack, book.Tell(new GiveBack("a", Content: 2)).State);
        Assert.Equal(EntryState.Aborted, book.Tell(new Abort("b", Content: 2)).State);
        Assert.Equal((EntryState.Taken, EntryState.Prepared), (book.State.Find("a")!.State, book.State.Find("b")!.State));
        Assert.Equal(Ledger.Opening - 15, book.State.Available);
    }

    [Fact]
    public void Commands_of_one_write_are_each_judged_on_what_those_before_left()
    {
        var written = Assert.IsType<LedgerWritten>(book.Reply(new WriteLedger(
            [new Take("a", Ledger.Opening, long.MaxValue, false), new Take("b", 1, long.MaxValue, false), new GiveBack("a"), new Take("c", 1, long.MaxValue, false), new Settle("x")])));

        Assert.Equal([EntryState.Taken, EntryState.Refused, EntryState.GivenBack, EntryState.Taken], written.Answers.Take(4).Select(answer => answer.Entry!.State));
        Assert.Contains("not known", written.Answers[4].Refused, StringComparison.Ordinal);
        Assert.Equal(Ledger.Opening - 1, book.State.Available);
    }

    /// <summary>What the engine bounds: a reply that is too long is none, and over the bound of a state not even a decision is taken any more.</summary>
    [Fact]
    public void A_full_ledger_with_the_longest_ids_fits_into_the_engines_bounds_and_is_read_in_pages()
    {
        var type = Ledger.TypeOf("t");
        for (var number = 0; number < Ledger.MaxOrders; number++)
        {
            book.Tell(new Prepare(Longest(number), 1, false, long.MinValue));
            book.Tell(new Abort(Longest(number), long.MinValue));
        }

        Assert.InRange(type.WriteState(book.State).Length, 10_000_000, EntityLimits.MaxStateBytes);
        Assert.Contains("the most it may", book.Tell(new Prepare("more", 1, false)).Why, StringComparison.Ordinal);
        var read = new List<string>();
        for (string? after = null; ;)
        {
            var page = Assert.IsType<LedgerPage>(book.Reply(new ReadLedger(after)));
            Assert.True(type.Codec.TryEncode(page, out var bytes, out var error), error);
            Assert.InRange(bytes.Payload.Length, 1, EntityLimits.MaxMessageBytes);
            read.AddRange(page.Entries.Select(entry => entry.Order));
            if (!page.HasMore)
            {
                break;
            }

            after = read[^1];
        }

        Assert.Equal(Enumerable.Range(0, Ledger.MaxOrders).Select(Longest).Order(StringComparer.Ordinal), read);

        static string Longest(int number) => new string('"', 94) + number.ToString("D6", CultureInfo.InvariantCulture);
    }

    /// <summary>The dumb twin: what is left is what it opened with, less what each order holds.</summary>
    [Fact]
    public void Whatever_comes_what_is_left_and_what_is_held_are_what_it_opened_with()
    {
        var commands = Gen.Elements(Orders).SelectMany(order => Gen.Elements<LedgerCommand>(
            new Take(order, 7, long.MaxValue, false), new Take(order, Ledger.Opening, long.MaxValue, false), new Take(order, 1, 0, true), new GiveBack(order), new Settle(order), new Prepare(order, 3, false), new Prepare(order, 1, true), new Commit(order), new Abort(order)));
        Prop.ForAll(Arb.From(Gen.ListOf(commands)), script =>
        {
            var random = new Book();
            var seen = new Dictionary<string, EntryState>();
            foreach (var command in script)
            {
                random.Reply(command);
                foreach (var (order, entry) in random.State.Entries)
                {
                    Assert.False(seen.TryGetValue(order, out var before) && before is EntryState.Settled or EntryState.Committed or EntryState.Refused or EntryState.GivenBack or EntryState.Aborted && entry.State != before, $"{order} went from {before} to {entry.State}");
                    seen[order] = entry.State;
                }

                var held = random.State.Entries.Values.Where(entry => entry.State is EntryState.Taken or EntryState.Settled or EntryState.Prepared or EntryState.Committed).Sum(entry => entry.Amount);
                Assert.Equal(Ledger.Opening, random.State.Available + held);
                Assert.True(random.State.Available >= 0);
                Assert.Equal(random.State.Entries.Values.SingleOrDefault(entry => entry.State == EntryState.Prepared)?.Order, random.State.LockedBy);
            }
        }).QuickCheckThrowOnFailure();
    }
}
