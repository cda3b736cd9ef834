using System.Collections.Immutable;
using Cluster.Engine.Port;
using Cluster.Modes.Shop;

namespace Cluster.Modes.TwoPhaseCommit;

/// <summary>
/// The coordinator, pure (Gray 1978): which messages are due, what each reply means, and when what can be decided. It commits only when every participant has voted yes; it never changes a
/// decision, which is the log's and not its own. A coordinator that takes over has no votes, so it aborts what is not decided (presumed abort: Mohan, Lindsay and Obermarck 1986).
/// </summary>
/// <remarks>
/// The log forgets what has ended long ago, and the participants do not. So an order that was committed and is begun again finds itself committed, at every participant, since it had not ended before. One
/// answer of any participant shows it, and nobody may presume an abort before there is one.
/// </remarks>
public static class CoordinatorCore
{
    public static ImmutableArray<Participant> Participants { get; } = [.. Enum.GetValues<Participant>()];

    public static CoordinatorState Begin(TransactionRecord transaction) => new(transaction, [.. new Vote[Participants.Length]], [.. new bool[Participants.Length]], []);

    /// <summary>As whoever carries on what another has left.</summary>
    public static CoordinatorState TakeOver(TransactionRecord transaction) => Begin(transaction) with { TookOver = true, GivesUp = "its coordinator was gone before it had decided" };

    /// <summary>The time for votes is over.</summary>
    public static CoordinatorState TimedOut(CoordinatorState state) => state with { GivesUp = state.GivesUp ?? FormattableString.Invariant($"not every vote came within {state.Transaction.TimeoutMs} ms") };

    /// <summary>Who has to be asked or told now, and what.</summary>
    public static IReadOnlyList<CoordinatorMove> Due(CoordinatorState state) =>
        [.. Participants.Where(participant => IsDue(state, participant)).Select(participant => Move(state, participant))];

    public static bool IsDue(CoordinatorState state, Participant participant) => state.Transaction.Phase switch
    {
        TransactionPhase.Preparing => state.TookOver ? !state.HasHeard : state.Votes[(int)participant] == Vote.None,
        TransactionPhase.Committing or TransactionPhase.Aborting => !state.Acknowledged[(int)participant],
        _ => false,
    };

    public static CoordinatorMove Move(CoordinatorState state, Participant participant)
    {
        var (id, order) = (state.Transaction.Id, state.Transaction.Order);
        return new CoordinatorMove(participant, order.LedgerAt(participant), state.Transaction.Phase switch
        {
            TransactionPhase.Preparing when state.TookOver => new ReadEntry(id),
            TransactionPhase.Preparing => new Prepare(id, order.AmountAt(participant), order.FailsAt(participant), order.Content),
            TransactionPhase.Committing => new Commit(id, order.Content),
            _ => new Abort(id, order.Content),
        });
    }

    /// <summary>What a participant's reply adds: a vote, or that it has carried the decision out. Where it adds nothing, that participant is due again.</summary>
    public static CoordinatorState Saw(CoordinatorState state, Participant of, object reply) => (state.Transaction.Phase, reply) switch
    {
        (_, LedgerEntry entry) when entry.Order != state.Transaction.Id => state,
        (TransactionPhase.Preparing, EntryFound found) => state with { HasHeard = true, IsCommittedAlready = found.Entry is { State: EntryState.Committed } entry && entry.Content == state.Transaction.Order.Content },
        (TransactionPhase.Preparing, LedgerLocked) => state with { HasHeard = true },
        (TransactionPhase.Preparing, LedgerEntry { State: EntryState.Committed }) => Voted(state, of, Vote.Yes, null) with { IsCommittedAlready = true },
        (TransactionPhase.Preparing, LedgerEntry { State: EntryState.Prepared }) => Voted(state, of, Vote.Yes, null),
        (TransactionPhase.Preparing, LedgerEntry { State: EntryState.Aborted } no) => Voted(state, of, Vote.No, no.Why ?? "it was aborted before"),
        (TransactionPhase.Preparing, EntityRefused no) => Voted(state, of, Vote.No, no.Reason) with { IdIsAnothers = state.IdIsAnothers || Ledger.IdIsAnothers(no, state.Transaction.Id) },
        (TransactionPhase.Committing, LedgerEntry { State: EntryState.Committed } done) => Told(state, of, done),
        (TransactionPhase.Aborting, LedgerEntry { State: EntryState.Aborted } done) => Told(state, of, done),
        _ => state,
    };

    /// <summary>A participant that cannot vote now, since its lock is taken or it does not answer, is given up.</summary>
    public static CoordinatorState GaveUp(CoordinatorState state, Participant of, string why) => state.Transaction.Phase == TransactionPhase.Preparing ? Voted(state, of, Vote.No, why) : state;

    /// <summary>What can be decided; null while votes are missing, none is against it and they are waited for, while nobody has been heard at all, and once it is decided.</summary>
    public static TransactionDecision? Decide(CoordinatorState state, string by)
    {
        return state switch
        {
            { Transaction.Phase: not TransactionPhase.Preparing } => null,
            { IsCommittedAlready: true } => Decision(commit: true),
            _ when state.Votes.Contains(Vote.No) => Decision(commit: false, state.Transaction.Why),
            _ when state.Votes.All(vote => vote == Vote.Yes) => Decision(commit: true),
            { GivesUp: { } why, HasHeard: true } => Decision(commit: false, state.Transaction.Why ?? why),
            _ => null,
        };

        TransactionDecision Decision(bool commit, string? why = null) => new(state.Transaction.Id, commit, by, why, state.Transaction.Order.Content);
    }

    /// <summary>Whether every participant has carried the decision out.</summary>
    public static bool IsFinished(CoordinatorState state) =>
        state.Transaction.Phase is TransactionPhase.Committing or TransactionPhase.Aborting && state.Acknowledged.All(acknowledged => acknowledged);

    private static CoordinatorState Voted(CoordinatorState state, Participant of, Vote vote, string? why) => state with
    {
        HasHeard = true,
        Votes = state.Votes.SetItem((int)of, vote),
        Transaction = vote == Vote.No && state.Transaction.Why is null ? state.Transaction with { Why = $"{of.ToString().ToLowerInvariant()}: {why}" } : state.Transaction,
    };

    private static CoordinatorState Told(CoordinatorState state, Participant of, LedgerEntry entry) => state.Acknowledged[(int)of] ? state : state with
    {
        Acknowledged = state.Acknowledged.SetItem((int)of, true),
        IdIsAnothers = state.IdIsAnothers || Ledger.IdIsAnothers(entry, state.Transaction.Id), // Every participant is told to abort, so whichever knows the id as another's says so here.
        HeldMs = entry.Amount > 0 ? state.HeldMs.Add(entry.HeldMs) : state.HeldMs, // One that never voted yes held nothing.
    };
}
