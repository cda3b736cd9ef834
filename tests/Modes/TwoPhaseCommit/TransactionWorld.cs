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

    /// <summary>Coordinates it on n1; false: n1 died.</summary>
    public bool Begin() => Live(() => Coordinate(Write(new TransactionEntry(Begin: new TransactionBegin(Order.Id, kind, Order, "n1", 0, 0))), tookOver: false));

    /// <summary>A node finds it stalled and offers to finish it; false: it died as well, or may not.</summary>
    public bool CarryOn(string node)
    {
        Now += TransactionLog.StalledAfter;
        return Transaction is null or { HasEnded: true } || (Live(() =>
        {
            var turn = Write(new TransactionEntry(Adoption: new TransactionAdoption(Order.Id, node)));
            if (turn.Driver == node)
            {
                Coordinate(turn, tookOver: true);
            }
        }) && Transaction.HasEnded);
    }

    private void Coordinate(TransactionTurn turn, bool tookOver)
    {
        var state = Turned(CoordinatorCore.Begin(Transaction!), turn);
        while (!state.Transaction.HasEnded)
        {
            if (CoordinatorCore.IsFinished(state))
            {
                state = Turned(state, Write(new TransactionEntry(Finish: new TransactionFinish(Order.Id, state.HeldMs))));
            }
            else if ((tookOver && state.Transaction.Phase == TransactionPhase.Preparing ? new TransactionDecision(Order.Id, false, turn.Driver) : CoordinatorCore.Decide(state, turn.Driver)) is { } decision)
            {
                state = Turned(state, Write(new TransactionEntry(Decision: decision)));
            }
            else
            {
                var move = CoordinatorCore.Due(state)[0];
                state = CoordinatorCore.Saw(state, move.To, Tell(move.To, move.Command));
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
        var decided = decider.Decide(log, new WriteTransactions([entry]), new EntityContext("0", Now));
        log = decided.Events.Aggregate(log, decider.Apply);
        Trace.AddRange(decided.Events.Select(happened => happened.GetType().Name));
        return ((TransactionsWritten)decided.Reply!).Turns.Single();
    });
}
