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

        Assert.Contains("settled", book.Refusal(new GiveBack("a")), StringComparison.Ordinal);
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
