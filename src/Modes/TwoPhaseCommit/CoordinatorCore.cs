using System.Collections.Immutable;
using Cluster.Engine.Port;
using Cluster.Modes.Shop;

namespace Cluster.Modes.TwoPhaseCommit;

/// <summary>
/// The coordinator, pure (Gray 1978): which messages are due, what each reply means, and when what can be decided. It commits only when every participant has voted yes; it never changes a
/// decision, which is the log's and not its own. A coordinator that takes over has no votes, so it aborts what is not decided (presumed abort: Mohan, Lindsay and Obermarck 1986).
/// </summary>
public static class CoordinatorCore
{
    public static ImmutableArray<Participant> Participants { get; } = [.. Enum.GetValues<Participant>()];

    public static CoordinatorState Begin(TransactionRecord transaction) => new(transaction, [.. new Vote[Participants.Length]], [.. new bool[Participants.Length]], []);

    /// <summary>Who has to be asked or told now, and what.</summary>
    public static IReadOnlyList<CoordinatorMove> Due(CoordinatorState state) =>
        [.. Participants.Where(participant => IsDue(state, participant)).Select(participant => Move(state.Transaction, participant))];

    public static bool IsDue(CoordinatorState state, Participant participant) => state.Transaction.Phase switch
    {
        TransactionPhase.Preparing => state.Votes[(int)participant] == Vote.None,
        TransactionPhase.Committing or TransactionPhase.Aborting => !state.Acknowledged[(int)participant],
        _ => false,
    };

    public static CoordinatorMove Move(TransactionRecord transaction, Participant participant) => new(participant, transaction.Order.LedgerAt(participant), transaction.Phase switch
    {
        TransactionPhase.Preparing => new Prepare(transaction.Id, transaction.Order.AmountAt(participant), transaction.Order.FailsAt(participant)),
        TransactionPhase.Committing => new Commit(transaction.Id),
        _ => new Abort(transaction.Id),
    });

    /// <summary>What a participant's reply adds: a vote, or that it has carried the decision out. Where it adds nothing, that participant is due again.</summary>
    public static CoordinatorState Saw(CoordinatorState state, Participant of, object reply) => (state.Transaction.Phase, reply) switch
    {
        (_, LedgerEntry entry) when entry.Order != state.Transaction.Id => state,
        (TransactionPhase.Preparing, LedgerEntry { State: EntryState.Prepared }) => Voted(state, of, Vote.Yes, null),
        (TransactionPhase.Preparing, LedgerEntry { State: EntryState.Aborted } no) => Voted(state, of, Vote.No, no.Why),
        (TransactionPhase.Preparing, EntityRefused no) => Voted(state, of, Vote.No, no.Reason),
        (TransactionPhase.Committing, LedgerEntry { State: EntryState.Committed } done) => Told(state, of, done),
        (TransactionPhase.Aborting, LedgerEntry { State: EntryState.Aborted } done) => Told(state, of, done),
        _ => state,
    };

    /// <summary>A participant that cannot vote now, since its lock is taken or it does not answer, is given up.</summary>
    public static CoordinatorState GaveUp(CoordinatorState state, Participant of, string why) => state.Transaction.Phase == TransactionPhase.Preparing ? Voted(state, of, Vote.No, why) : state;

    /// <summary>What can be decided; null while votes are missing and none is against it, and once it is decided.</summary>
    public static TransactionDecision? Decide(CoordinatorState state, string by) => state switch
    {
        { Transaction.Phase: not TransactionPhase.Preparing } => null,
        _ when state.Votes.Contains(Vote.No) => new TransactionDecision(state.Transaction.Id, Commit: false, by, state.Transaction.Why),
        _ when state.Votes.All(vote => vote == Vote.Yes) => new TransactionDecision(state.Transaction.Id, Commit: true, by),
        _ => null,
    };

    /// <summary>Whether every participant has carried the decision out.</summary>
    public static bool IsFinished(CoordinatorState state) =>
        state.Transaction.Phase is TransactionPhase.Committing or TransactionPhase.Aborting && state.Acknowledged.All(acknowledged => acknowledged);

    private static CoordinatorState Voted(CoordinatorState state, Participant of, Vote vote, string? why) => state with
    {
        Votes = state.Votes.SetItem((int)of, vote),
        Transaction = vote == Vote.No && state.Transaction.Why is null ? state.Transaction with { Why = $"{of.ToString().ToLowerInvariant()}: {why}" } : state.Transaction,
    };

    private static CoordinatorState Told(CoordinatorState state, Participant of, LedgerEntry entry) => state.Acknowledged[(int)of] ? state : state with
    {
        Acknowledged = state.Acknowledged.SetItem((int)of, true),
        HeldMs = entry.Amount > 0 ? state.HeldMs.Add(entry.HeldMs) : state.HeldMs, // One that never voted yes held nothing.
    };
}
