using System.Collections.Immutable;
using Cluster.Engine.Port;

namespace Cluster.Modes.TwoPhaseCommit;

/// <summary>
/// The coordinator's log: which transactions are under way, and what is decided of each. The first decision that is written stands, so any number of coordinators may try to finish a transaction. Of
/// one with a local log only its own node may decide: whoever else asks is refused, and waits.
/// </summary>
public sealed class TransactionLog : IDecider<TransactionLogState, TransactionLogCommand, TransactionEvent>
{
    /// <summary>Transactions under way in one log; a new one over it is refused. With the longest names, every character of which JSON writes as six, so many and those that have ended stay below what an entity may hold.</summary>
    public const int MaxOpen = 2_000;

    /// <summary>Transactions that have ended and can still be shown.</summary>
    public const int MaxEnded = 250;

    /// <summary>A transaction to which nothing has happened for so long, beyond what its coordinator waits for, may be carried on by another one. Longer than a failover of a shard.</summary>
    public static readonly TimeSpan StalledAfter = TimeSpan.FromSeconds(2);

    public static EntityType<TransactionLogState, TransactionLogCommand, TransactionEvent> Type { get; } =
        new EntityType<TransactionLogState, TransactionLogCommand, TransactionEvent>("two-phase-commit-log", new TransactionLog(), 1, TransactionLogJson.Default.TransactionLogState)
            .Message("write", 1, TransactionLogJson.Default.WriteTransactions)
            .Message("read", 1, TransactionLogJson.Default.ReadTransaction)
            .Message("read-open", 1, TransactionLogJson.Default.ReadOpenTransactions)
            .Message("written", 1, TransactionLogJson.Default.TransactionsWritten)
            .Message("found", 1, TransactionLogJson.Default.TransactionFound)
            .Message("open", 1, TransactionLogJson.Default.TransactionsOpen)
            .Message("begun", 1, TransactionLogJson.Default.TransactionBegun)
            .Message("decided", 1, TransactionLogJson.Default.TransactionDecided)
            .Message("finished", 1, TransactionLogJson.Default.TransactionFinished)
            .Message("adopted", 1, TransactionLogJson.Default.TransactionAdopted);

    public TransactionLogState Empty { get; } = new(ImmutableSortedDictionary<string, TransactionRecord>.Empty, [], 0, 0, HeldTimes.None, HeldTimes.None);

    public Decided<TransactionEvent> Decide(TransactionLogState state, TransactionLogCommand command, EntityContext context)
    {
        var now = context.Now.ToUnixTimeMilliseconds();
        return command switch
        {
            WriteTransactions write => Decide(state, write.Entries.IsDefault ? [] : write.Entries, context.EntityId, now),
            ReadTransaction read => Decided<TransactionEvent>.Answer(new TransactionFound(state.Find(read.Id))),
            ReadOpenTransactions read => Decided<TransactionEvent>.Answer(new TransactionsOpen(
                context.EntityId,
                [.. Chosen(state, read, now)],
                state.Open.Count,
                state.Committed,
                state.Aborted,
                state.HeldReplicated,
                state.HeldLocal)),
            _ => Decided<TransactionEvent>.Refuse($"a coordinator's log does not know {command.GetType().Name}"),
        };
    }

    public TransactionLogState Apply(TransactionLogState state, TransactionEvent @event) => @event switch
    {
        TransactionBegun begun => state with { Open = state.Open.SetItem(begun.Id, begun.Transaction) },
        TransactionDecided decided => Change(state, decided, open => open with { Phase = decided.Commit ? TransactionPhase.Committing : TransactionPhase.Aborting, Why = decided.Why }),
        TransactionAdopted adopted => Change(state, adopted, open => open with { Driver = adopted.Driver }),
        TransactionFinished finished => Finish(state, finished),
        _ => throw new InvalidOperationException($"{@event.GetType().Name} does not happen to a transaction"),
    };

    private static TransactionLogState Change(TransactionLogState state, TransactionEvent happened, Func<TransactionRecord, TransactionRecord> change) =>
        state with { Open = state.Open.SetItem(happened.Id, change(state.Open[happened.Id]) with { ProgressUnixMs = happened.AtUnixMs }) };

    private static TransactionLogState Finish(TransactionLogState state, TransactionFinished finished)
    {
        var open = state.Open[finished.Id];
        var commits = open.Phase == TransactionPhase.Committing;
        var ended = open with { Phase = commits ? TransactionPhase.Committed : TransactionPhase.Aborted, ProgressUnixMs = finished.AtUnixMs, IdIsAnothers = finished.IdIsAnothers };
        var held = (finished.HeldMs.IsDefault ? [] : finished.HeldMs).Aggregate(open.Coordinator == CoordinatorKind.Local ? state.HeldLocal : state.HeldReplicated, (times, ms) => times.Add(ms));
        return new TransactionLogState(
            state.Open.Remove(finished.Id),
            (state.Ended.Count < MaxEnded ? state.Ended : state.Ended.RemoveAt(0)).Add(ended),
            state.Committed + (commits ? 1 : 0),
            state.Aborted + (commits ? 0 : 1),
            open.Coordinator == CoordinatorKind.Local ? state.HeldReplicated : held,
            open.Coordinator == CoordinatorKind.Local ? held : state.HeldLocal);
    }

    /// <summary>For people the oldest first; for a node that looks for orphans by their ids, from where its last look ended.</summary>
    private static IEnumerable<TransactionRecord> Chosen(TransactionLogState state, ReadOpenTransactions read, long now)
    {
        var stalled = state.Open.Values.Where(open => read.StalledMs is { } idle ? now - open.ProgressUnixMs >= idle : IsStalled(open, now));
        return read.For is not { } node
            ? stalled.OrderBy(open => open.StartedUnixMs).Take(read.Most)
            : stalled.Where(open => MayCarryOn(open, node) && string.CompareOrdinal(open.Id, read.After) > 0).OrderBy(open => open.Id, StringComparer.Ordinal).Take(read.Most);
    }

    /// <summary>Progress in the future was written by a leader whose clock was ahead: it is no progress of now, and would keep everybody off until then. To adopt one too early does no harm.</summary>
    private static bool IsStalled(TransactionRecord open, long now) =>
        Math.Abs(now - open.ProgressUnixMs) >= (long)StalledAfter.TotalMilliseconds + open.PaceMs + (open.Phase == TransactionPhase.Preparing ? open.TimeoutMs : 0);

    private static bool MayCarryOn(TransactionRecord open, string node) => open.Coordinator == CoordinatorKind.Replicated || open.Driver == node;

    private Decided<TransactionEvent> Decide(TransactionLogState state, ImmutableArray<TransactionEntry> entries, string log, long now)
    {
        var events = ImmutableArray.CreateBuilder<TransactionEvent>();
        var turns = ImmutableArray.CreateBuilder<TransactionTurn>(entries.Length);
        foreach (var entry in entries)
        {
            var (happened, refused) = Judge(state, entry, now);
            if (happened is not null)
            {
                state = Apply(state, happened);
                events.Add(happened);
            }

            turns.Add(state.Find(entry.Id, entry.Content) is { } transaction
                ? new TransactionTurn(entry.Id, transaction.Phase, transaction.Driver, transaction.Why, refused)
                : new TransactionTurn(entry.Id, TransactionPhase.Preparing, "", Refused: refused ?? $"there is no transaction {entry.Id}, or it ended long ago"));
        }

        var reply = new TransactionsWritten(log, turns.MoveToImmutable());
        return events.Count == 0 ? Decided<TransactionEvent>.Answer(reply) : Decided<TransactionEvent>.Accept(events.ToImmutable()).With(reply);
    }

    private static (TransactionEvent? Happened, string? Refused) Judge(TransactionLogState state, TransactionEntry entry, long now)
    {
        // What is late may be about an order that has ended, when the one whose id it is has begun.
        var open = state.Open.GetValueOrDefault(entry.Id) is { } one && (entry.Content == 0 || entry.Content == one.Order.Content) ? one : null;
        return entry switch
        {
            { Begin: { } begin } => Begin(state, begin, now),
            { Decision: { } decision } when open is { Phase: TransactionPhase.Preparing } => MayCarryOn(open, decision.By)
                ? (new TransactionDecided(decision.Id, now, decision.Commit, decision.Why), null)
                : (null, $"only {open.Driver} may decide {decision.Id}: the log is on its disk"),
            { Finish: { } finish } when open is { Phase: TransactionPhase.Committing or TransactionPhase.Aborting } => (new TransactionFinished(finish.Id, now, finish.HeldMs, finish.IdIsAnothers), null),
            { Adoption: { } offer } when open is not null && MayCarryOn(open, offer.Driver) && IsStalled(open, now) => (new TransactionAdopted(offer.Id, now, offer.Driver), null),
            _ => (null, null),
        };
    }

    private static (TransactionEvent? Happened, string? Refused) Begin(TransactionLogState state, TransactionBegin begin, long now) => (state.Holder(begin.Id) ?? state.Find(begin.Id, begin.Order.Content)) switch
    {
        { } known => (null, known.Order == begin.Order && known.Coordinator == begin.Coordinator ? null : $"another order has the id {begin.Id}"),
        null when state.Open.Count >= MaxOpen => (null, $"{MaxOpen} transactions are under way in this log, the most there may be: try again later"),
        null => (new TransactionBegun(new TransactionRecord(begin.Id, begin.Coordinator, begin.Order, TransactionPhase.Preparing, begin.Driver, now, now, begin.TimeoutMs, begin.PaceMs, null), now), null),
    };
}
