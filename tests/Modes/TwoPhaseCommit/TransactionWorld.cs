using Cluster.Engine.Port;
using Cluster.Modes.Shop;
using Cluster.Modes.Tests.Shop;
using Cluster.Modes.TwoPhaseCommit;

namespace Cluster.Modes.Tests.TwoPhaseCommit;

/// <summary>A coordinator's log and the participants, and coordinators that may die at any message.</summary>
internal sealed class TransactionWorld(Order order, CoordinatorKind kind) : MortalWorld(order)
{
    private readonly TransactionLog decider = new();
    private TransactionLogState log = new TransactionLog().Empty;

    public TransactionRecord? Transaction => log.Find(Order.Id);

    /// <summary>What a client was told, once there was something to tell.</summary>
    public TransactionPhase? Told { get; private set; }

    /// <summary>Places an order under the id; its end, or null where it was refused.</summary>
    public TransactionPhase? Place(Order? @as = null)
    {
        var placed = @as ?? Order;
        var turn = Write(new TransactionEntry(Begin: new TransactionBegin(Order.Id, kind, placed, "n1", 0, 0)));
        if (turn.Refused is null && log.Find(Order.Id, placed.Content) is { HasEnded: false })
        {
            Coordinate(turn, CoordinatorCore.Begin);
        }

        return turn.Refused is null ? log.Find(Order.Id, placed.Content)!.Phase : null;
    }

    /// <summary>Places an order, and nobody carries it on.</summary>
    public void BeginOnly() => Write(new TransactionEntry(Begin: new TransactionBegin(Order.Id, kind, Order, "n1", 0, 0)));

    /// <summary>A decision that was on its way for long.</summary>
    public TransactionTurn Abort(Order of) => Write(new TransactionEntry(Decision: new TransactionDecision(of.Id, Commit: false, "n1", null, of.Content)));

    /// <summary>Coordinates it on n1; false: n1 died.</summary>
    /// <param name="as">The order under this id; null for the world's.</param>
    public bool Begin(Order? @as = null) => Live(() => Coordinate(Write(new TransactionEntry(Begin: new TransactionBegin(Order.Id, kind, @as ?? Order, "n1", 0, 0))), CoordinatorCore.Begin));

    /// <summary>A node finds it stalled and offers to finish it; false: it died as well, or may not.</summary>
    public bool CarryOn(string node)
    {
        Now += TransactionLog.StalledAfter;
        return Transaction is null or { HasEnded: true } || (Live(() =>
        {
            var turn = Write(new TransactionEntry(Adoption: new TransactionAdoption(Order.Id, node)));
            if (turn.Driver == node)
            {
                Coordinate(turn, CoordinatorCore.TakeOver);
            }
        }) && Transaction.HasEnded);
    }

    /// <summary>So many other transactions end after this one that its log remembers it no more.</summary>
    public void Forget()
    {
        for (var number = 0; number < TransactionLog.MaxEnded; number++)
        {
            var id = $"filler{number}";
            Decide(new TransactionEntry(Begin: new TransactionBegin(id, kind, Order with { Id = id }, "n1", 0, 0)));
            Decide(new TransactionEntry(Decision: new TransactionDecision(id, Commit: false, "n1")));
            Decide(new TransactionEntry(Finish: new TransactionFinish(id, [])));
        }

        Assert.Null(Transaction);
        Told = null;
    }

    private void Coordinate(TransactionTurn turn, Func<TransactionRecord, CoordinatorState> begin)
    {
        var state = Turned(begin(Transaction!), turn);
        while (!state.Transaction.HasEnded)
        {
            if (CoordinatorCore.IsFinished(state))
            {
                state = Turned(state, Write(new TransactionEntry(Finish: new TransactionFinish(Order.Id, state.HeldMs, state.Transaction.Order.Content, state.IdIsAnothers))));
            }
            else if (CoordinatorCore.Decide(state, turn.Driver) is { } decision)
            {
                state = Turned(state, Write(new TransactionEntry(Decision: decision)));
            }
            else
            {
                var move = CoordinatorCore.Due(state)[0];
                state = CoordinatorCore.Saw(state, move.To, Tell(move.To, move.Ledger, move.Command));
            }
        }
    }

    private CoordinatorState Turned(CoordinatorState state, TransactionTurn turn)
    {
        Assert.Null(turn.Refused);
        if (turn.Phase != TransactionPhase.Preparing)
        {
            Told ??= turn.Phase is TransactionPhase.Committing or TransactionPhase.Committed ? TransactionPhase.Committed : TransactionPhase.Aborted;
        }

        return state with { Transaction = state.Transaction with { Phase = turn.Phase, Driver = turn.Driver } };
    }

    private TransactionTurn Write(TransactionEntry entry) => Send("log", () =>
    {
        var (turn, events) = Decide(entry);
        Trace.AddRange(events);
        return turn;
    });

    private (TransactionTurn Turn, IEnumerable<string> Events) Decide(TransactionEntry entry)
    {
        var decided = decider.Decide(log, new WriteTransactions([entry]), new EntityContext("0", Now));
        log = decided.Events.Aggregate(log, decider.Apply);
        return (((TransactionsWritten)decided.Reply!).Turns.Single(), decided.Events.Select(happened => happened.GetType().Name));
    }
}
