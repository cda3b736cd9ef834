using Cluster.Engine.Port;
using Cluster.Modes.Hosting;
using Cluster.Modes.Shop;
using Cluster.Shared.Results;

namespace Cluster.Modes.TwoPhaseCommit;

/// <summary>
/// Coordinates one transaction on one node. Its client is told the outcome as soon as the decision is in the log, which is the commit point. What it has promised is in the log, and the rest is aborted by
/// whoever takes over, if anybody may.
/// </summary>
/// <param name="transaction">As far as it is known here; the log's answer to <paramref name="first"/> corrects it.</param>
/// <param name="asker">The client, told once it is decided; null where another node's client asked.</param>
internal sealed class CoordinatorActor(TwoPhaseCommitServices services, TransactionRecord transaction, TransactionEntry first, IActorRef? asker)
    : OrderDriverActor<TransactionEntry, TransactionTurn>(services.Log, transaction.Id, first, asker)
{
    /// <summary>Before a ledger that another order has locked is asked again; up to as much again is added, so that two that meet do not meet again.</summary>
    private static readonly TimeSpan LockedAfter = TimeSpan.FromMilliseconds(5);

    /// <summary>
    /// How long it waits for locks. Orders lock several ledgers in any order, so two may wait for each other: one of them gives up (deadlock resolution by timeout).
    /// </summary>
    private static readonly TimeSpan LockPatience = TimeSpan.FromMilliseconds(250);

    private CoordinatorState state = first.Adoption is null ? CoordinatorCore.Begin(transaction) : CoordinatorCore.TakeOver(transaction);
    private TimeSpan began;
    private bool decides;

    private enum Due
    {
        Votes,
        Tell,
    }

    private TransactionRecord Transaction => state.Transaction;

    private TimeSpan Pace => TimeSpan.FromMilliseconds(Transaction.PaceMs);

    protected override void PreStart()
    {
        if (services.IsImpatient && state.TookOver)
        {
            // The flaw: stock has waited long enough for a decision, and takes one.
            services.Ledgers.Tell(Participant.Stock, Transaction.Order.Item, new Abort(Transaction.Id, Transaction.Order.Content), Context.System.DeadLetters);
        }

        base.PreStart();
    }

    protected override void Receive(object message)
    {
        switch (message)
        {
            case Due.Votes:
                state = CoordinatorCore.TimedOut(state);
                DecideIfPossible();
                break;
            case Due.Tell:
                Send();
                break;
            case Participant participant:
                Send(participant);
                break;
            case LedgerEntry or LedgerLocked or EntryFound or EntityRefused or EntityUnavailable when services.Ledgers.Of(Sender) is { } participant:
                Answered(participant, message);
                break;
            default:
                base.Receive(message);
                break;
        }
    }

    protected override string? WhyRefused(TransactionTurn turn) => turn.Refused;

    protected override void Turned(TransactionTurn turn, bool isFirst)
    {
        state = state with { Transaction = Transaction with { Phase = turn.Phase, Driver = turn.Driver, Why = turn.Why ?? Transaction.Why } };
        if (isFirst && turn.Driver != services.Name)
        {
            Leave();
        }
        else if (Transaction.HasEnded)
        {
            if (Entry.Finish is not null)
            {
                services.Measure(state);
            }

            End(Outcome());
        }
        else if (Transaction.Phase != TransactionPhase.Preparing)
        {
            Tell(Outcome());
            if (Transaction.PaceMs > 0)
            {
                Timers.StartSingle(Due.Tell, Due.Tell, Pace);
            }
            else
            {
                Send();
            }
        }
        else
        {
            began = Context.System.Time.Elapsed();
            Timers.StartSingle(Due.Votes, Due.Votes, TimeSpan.FromMilliseconds(Transaction.TimeoutMs));
            Send();
        }
    }

    /// <summary>Another node coordinates it. A client here that asks for an order that is under way is told so; it asks again.</summary>
    private void Leave() => End(Transaction.Phase is TransactionPhase.Preparing
        ? ModeAnswer.Failed(new ClusterError(ErrorCode.OutcomeUnknown, $"{Transaction.Id} is under way on {Transaction.Driver}: ask again"))
        : Outcome());

    private void Send()
    {
        foreach (var move in CoordinatorCore.Due(state))
        {
            Send(move.To);
        }
    }

    private void Send(Participant participant)
    {
        if (CoordinatorCore.IsDue(state, participant))
        {
            var move = CoordinatorCore.Move(state, participant);
            services.Ledgers.Tell(participant, move.Ledger, move.Command, Self);
        }
    }

    private void Answered(Participant participant, object reply)
    {
        state = CoordinatorCore.Saw(state, participant, reply);
        if (reply is EntityRefused refused && Transaction.Phase != TransactionPhase.Preparing && (services.CommitsWithoutAllVotes || services.IsImpatient))
        {
            // Only with a flaw can a participant be past what was decided: what there is to see is there already.
            state = state with { Acknowledged = state.Acknowledged.SetItem((int)participant, true), Transaction = Transaction with { Why = refused.Reason } };
        }

        if (reply is LedgerLocked locked && Context.System.Time.Elapsed() - began > LockPatience)
        {
            state = CoordinatorCore.GaveUp(state, participant, $"locked by {locked.By}");
        }

        if (DecideIfPossible())
        {
            return;
        }

        if (CoordinatorCore.IsFinished(state))
        {
            Write(new TransactionEntry(Finish: new TransactionFinish(Transaction.Id, state.HeldMs, Transaction.Order.Content, state.IdIsAnothers)));
        }
        else if (CoordinatorCore.IsDue(state, participant))
        {
            var after = reply is LedgerLocked ? LockedAfter * (1 + Context.System.Random.NextDouble()) : AgainAfter;
            Timers.StartSingle(participant, participant, after);
        }
    }

    /// <returns>Whether it has just been decided, as far as this coordinator is concerned: the log has the last word.</returns>
    private bool DecideIfPossible()
    {
        if (decides || Verdict() is not { } decision)
        {
            return false;
        }

        decides = true;
        Write(new TransactionEntry(Decision: decision), Pace);
        return true;
    }

    private TransactionDecision? Verdict() => services.CommitsWithoutAllVotes && Transaction.Phase == TransactionPhase.Preparing && state.Votes.Count(vote => vote == Vote.Yes) * 2 > state.Votes.Length
        ? new TransactionDecision(Transaction.Id, Commit: true, services.Name, Content: Transaction.Order.Content)
        : CoordinatorCore.Decide(state, services.Name);

    private ModeAnswer Outcome()
    {
        var commits = Transaction.Phase is TransactionPhase.Committing or TransactionPhase.Committed;
        return ModeAnswer.Ok(new OutcomeView(Transaction.Id, commits ? "committed" : "aborted", commits ? null : Transaction.Why), TransactionJson.Default.OutcomeView);
    }
}
