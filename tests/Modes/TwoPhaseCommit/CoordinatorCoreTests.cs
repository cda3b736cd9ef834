using Cluster.Engine.Port;
using Cluster.Modes.Shop;
using Cluster.Modes.TwoPhaseCommit;

namespace Cluster.Modes.Tests.TwoPhaseCommit;

/// <summary>The courses of a transaction as Gray draws them, and what a coordinator must not conclude.</summary>
public class CoordinatorCoreTests
{
    private static readonly CoordinatorState Begun = CoordinatorCore.Begin(
        new TransactionRecord("o", CoordinatorKind.Replicated, new Order("o", "tea", 2, "ann", 500, "post"), TransactionPhase.Preparing, "n1", 0, 0, 1_000, 0, null));

    [Fact]
    public void Everybody_votes_yes() => Golden(null, """
        log TransactionBegun
        Prepare Stock
        Prepare Payment
        Prepare Shipping
        log TransactionDecided
        Commit Stock
        Commit Payment
        Commit Shipping
        log TransactionFinished
        """);

    [Fact]
    public void One_votes_no_and_those_after_it_are_not_asked_any_more() => Golden(Participant.Payment, """
        log TransactionBegun
        Prepare Stock
        Prepare Payment
        log TransactionDecided
        Abort Stock
        Abort Payment
        Abort Shipping
        log TransactionFinished
        """);

    [Fact]
    public void It_commits_only_when_every_vote_is_yes()
    {
        var two = Vote(Vote(Begun, Participant.Stock, EntryState.Prepared), Participant.Shipping, EntryState.Prepared);
        Assert.Null(CoordinatorCore.Decide(two, "n1"));
        Assert.Equal([Participant.Payment], CoordinatorCore.Due(two).Select(move => move.To));

        Assert.True(CoordinatorCore.Decide(Vote(two, Participant.Payment, EntryState.Prepared), "n1")!.Commit);
        var no = CoordinatorCore.Decide(Vote(two, Participant.Payment, EntryState.Aborted), "n1")!;
        Assert.False(no.Commit);
        Assert.StartsWith("payment:", no.Why, StringComparison.Ordinal);
    }

    /// <summary>Of an order that is placed again when its log has forgotten it, a ledger that had voted yes does not know why it was aborted.</summary>
    [Fact]
    public void A_vote_against_it_without_a_reason_has_words()
    {
        var no = CoordinatorCore.Saw(Begun, Participant.Shipping, new LedgerEntry("o", EntryState.Aborted, 1, 0));

        Assert.Equal("shipping: it was aborted before", CoordinatorCore.Decide(no, "n1")!.Why);
    }

    [Fact]
    public void A_lock_or_silence_is_no_vote()
    {
        var locked = CoordinatorCore.Saw(Begun, Participant.Stock, new LedgerLocked("other"));

        Assert.Equal(Begun with { HasHeard = true }, locked);
        Assert.False(CoordinatorCore.Decide(CoordinatorCore.GaveUp(locked, Participant.Stock, "locked by other"), "n1")!.Commit);
    }

    [Fact]
    public void An_answer_to_the_first_phase_is_no_acknowledgement_of_the_second()
    {
        var committing = Begun with { Transaction = Begun.Transaction with { Phase = TransactionPhase.Committing } };

        Assert.Equal(committing, Vote(committing, Participant.Stock, EntryState.Prepared));
        Assert.Equal(committing, Vote(committing, Participant.Stock, EntryState.Aborted));
        Assert.Equal(committing, CoordinatorCore.Saw(committing, Participant.Stock, new EntityRefused("l", "tea", "not now")));
        Assert.Equal(committing, CoordinatorCore.Saw(committing, Participant.Stock, new LedgerEntry("another", EntryState.Committed, 1, 0)));
        Assert.Null(CoordinatorCore.Decide(committing, "n1"));
    }

    [Fact]
    public void Nobody_presumes_an_abort_before_any_participant_has_said_how_it_stands()
    {
        var late = CoordinatorCore.TimedOut(Begun);
        Assert.Null(CoordinatorCore.Decide(late, "n1"));
        Assert.Equal(3, CoordinatorCore.Due(late).Count);
        Assert.False(CoordinatorCore.Decide(Vote(late, Participant.Payment, EntryState.Prepared), "n1")!.Commit);
        Assert.True(CoordinatorCore.Decide(Vote(late, Participant.Payment, EntryState.Committed), "n1")!.Commit);
    }

    [Fact]
    public void Whoever_takes_over_asks_how_it_stands_and_asks_nobody_to_prepare()
    {
        var taken = CoordinatorCore.TakeOver(Begun.Transaction);
        Assert.All(CoordinatorCore.Due(taken), move => Assert.IsType<ReadEntry>(move.Command));

        var prepared = CoordinatorCore.Saw(taken, Participant.Stock, new EntryFound(new LedgerEntry("o", EntryState.Prepared, 2, 0, Content: taken.Transaction.Order.Content)));
        Assert.Empty(CoordinatorCore.Due(prepared));
        Assert.False(CoordinatorCore.Decide(prepared, "n2")!.Commit);
        Assert.True(CoordinatorCore.Decide(CoordinatorCore.Saw(taken, Participant.Stock, new EntryFound(new LedgerEntry("o", EntryState.Committed, 2, 0, Content: taken.Transaction.Order.Content))), "n2")!.Commit);
    }

    private static CoordinatorState Vote(CoordinatorState state, Participant of, EntryState answer) => CoordinatorCore.Saw(state, of, new LedgerEntry("o", answer, 1, 0, "why"));

    private static void Golden(Participant? failAt, string course)
    {
        var world = new TransactionWorld(new Order("o", "tea", 2, "ann", 500, "post", failAt), CoordinatorKind.Replicated);
        world.Begin();

        Assert.Equal(course.ReplaceLineEndings("\n"), world.Course);
    }
}
