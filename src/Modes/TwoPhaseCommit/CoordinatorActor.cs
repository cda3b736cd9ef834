using Cluster.Engine.Port;
using Cluster.Modes.Hosting;
using Cluster.Modes.Shop;
using Cluster.Shared.Results;

namespace Cluster.Modes.TwoPhaseCommit;

/// <summary>
/// Coordinates one transaction on one node. Its client is told the outcome as soon as the decision is in the log, which is the commit point. It may die at any point: what it has promised is in
/// the log, and the rest is aborted by whoever takes over, if anybody may.
/// </summary>
/// <param name="transaction">As far as it is known here; the log's answer to <paramref name="first"/> corrects it.</param>
/// <param name="first">What begins it, or the offer to carry it on.</param>
/// <param name="asker">The client, told once it is decided; null where another node's client asked.</param>
internal sealed class CoordinatorActor(TwoPhaseCommitServices services, TransactionRecord transaction, TransactionEntry first, IActorRef? asker) : Actor
{
    /// <summary>Before what was not answered is sent again.</summary>
    private static readonly TimeSpan AgainAfter = TimeSpan.FromMilliseconds(200);

    /// <summary>Before a ledger that another order has locked is asked again; up to as much again is added, so that two that meet do not meet again.</summary>
    private static readonly TimeSpan LockedAfter = TimeSpan.FromMilliseconds(5);

    /// <summary>
    /// How long it waits for locks. Orders lock several ledgers in any order, so two may wait for each other: one of them gives up (deadlock resolution by timeout).
    /// </summary>
    private static readonly TimeSpan LockPatience = TimeSpan.FromMilliseconds(250);

    /// <summary>Times that a begin of unknown outcome is sent again while its client waits.</summary>
    private const int MostBegins = 5;

    private readonly TransactionEntry first = first;
    private CoordinatorState state = CoordinatorCore.Begin(transaction);
    private TransactionEntry entry = first;
    private IActorRef? asker = asker;
    private TimeSpan began;
    private int begins;
    private bool isKnown;
    private bool decides;

    private enum Due
    {
        Write,
        Votes,
        Tell,
        Decide,
    }

    private TransactionRecord Transaction => state.Transaction;

    protected override void PreStart()
    {
        if (services.IsImpatient && first.Adoption is not null)
        {
            // The flaw: stock has waited long enough for a decision, and takes one.
            services.Ledgers[Participant.Stock].Tell(new ToEntity(Transaction.Order.Item, new Abort(Transaction.Id)), Context.System.DeadLetters);
        }

        Write(entry);
    }

    protected override void Receive(object message)
    {
        switch (message)
        {
            case TransactionTurn turn:
                Turn(turn);
                break;
            case LogDown down:
                Retry(down.Error);
                break;
            case Due.Write:
                services.WayToLogOf(Transaction.Id).Tell(entry, Self);
                break;
            case Due.Votes when !decides && Transaction.Phase == TransactionPhase.Preparing:
                Decide(new TransactionDecision(Transaction.Id, Commit: false, services.Name, Transaction.Why ?? $"not every vote came within {Transaction.TimeoutMs} ms"));
                break;
            case Due.Votes:
                break;
            case Due.Decide:
                Write(entry);
                break;
            case Due.Tell:
                Send();
                break;
            case Participant participant:
                Send(participant);
                break;
            case LedgerEntry or LedgerLocked or EntityRefused or EntityUnavailable when services.Of(Sender) is { } participant:
                Answered(participant, message);
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private void Write(TransactionEntry what)
    {
        entry = what;
        services.WayToLogOf(Transaction.Id).Tell(entry, Self);
    }

    private void Turn(TransactionTurn turn)
    {
        if (turn.Refused is { } refused)
        {
            End(isKnown ? ModeAnswer.Failed(new ClusterError(ErrorCode.OutcomeUnknown, refused)) : ModeAnswer.Conflict(refused));
            return;
        }

        state = state with { Transaction = Transaction with { Phase = turn.Phase, Driver = turn.Driver, Why = turn.Why ?? Transaction.Why } };
        if (!isKnown)
        {
            (isKnown, began) = (true, Context.System.Time.Elapsed());
            if (turn.Driver != services.Name)
            {
                Leave();
                return;
            }
        }

        if (Transaction.HasEnded)
        {
            if (entry.Finish is not null)
            {
                services.Measure(state);
            }

            End(Outcome());
        }
        else if (Transaction.Phase != TransactionPhase.Preparing)
        {
            asker?.Tell(Outcome(), Self);
            asker = null;
            Paced(Due.Tell, Send);
        }
        else if (first.Adoption is not null)
        {
            Decide(new TransactionDecision(Transaction.Id, Commit: false, services.Name, "its coordinator was gone before it had decided"));
        }
        else
        {
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
            var move = CoordinatorCore.Move(Transaction, participant);
            services.Ledgers[participant].Tell(new ToEntity(move.Ledger, move.Command), Self);
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

        if (Transaction.Phase == TransactionPhase.Preparing)
        {
            if (reply is LedgerLocked locked && Context.System.Time.Elapsed() - began > LockPatience)
            {
                state = CoordinatorCore.GaveUp(state, participant, $"locked by {locked.By}");
            }

            if (!decides && Verdict() is { } decision)
            {
                Decide(decision);
                return;
            }
        }
        else if (CoordinatorCore.IsFinished(state))
        {
            Write(new TransactionEntry(Finish: new TransactionFinish(Transaction.Id, state.HeldMs)));
            return;
        }

        if (CoordinatorCore.IsDue(state, participant))
        {
            var after = reply is LedgerLocked ? LockedAfter * (1 + Context.System.Random.NextDouble()) : AgainAfter;
            Timers.StartSingle(participant, participant, after);
        }
    }

    private TransactionDecision? Verdict() => services.CommitsWithoutAllVotes && state.Votes.Count(vote => vote == Vote.Yes) * 2 > state.Votes.Length
        ? new TransactionDecision(Transaction.Id, Commit: true, services.Name)
        : CoordinatorCore.Decide(state, services.Name);

    private void Decide(TransactionDecision decision)
    {
        decides = true;
        entry = new TransactionEntry(Decision: decision);
        Paced(Due.Decide, () => Write(entry));
    }

    private void Paced(Due due, Action act)
    {
        if (Transaction.PaceMs > 0)
        {
            Timers.StartSingle(due, due, TimeSpan.FromMilliseconds(Transaction.PaceMs));
        }
        else
        {
            act();
        }
    }

    /// <summary>Only a begin can be given up: then there may be no transaction. What there is must end.</summary>
    private void Retry(ClusterError error)
    {
        if (isKnown || (error.Code == ErrorCode.OutcomeUnknown && ++begins < MostBegins))
        {
            Timers.StartSingle(Due.Write, Due.Write, AgainAfter);
        }
        else
        {
            // An earlier begin of unknown outcome may be in the log, whatever the last one came to.
            End(ModeAnswer.Failed(begins == 0 ? error : new ClusterError(ErrorCode.OutcomeUnknown, error.Message)));
        }
    }

    private ModeAnswer Outcome()
    {
        var commits = Transaction.Phase is TransactionPhase.Committing or TransactionPhase.Committed;
        return ModeAnswer.Ok(new OutcomeView(Transaction.Id, commits ? "committed" : "aborted", commits ? null : Transaction.Why), TransactionJson.Default.OutcomeView);
    }

    private void End(ModeAnswer answer)
    {
        asker?.Tell(answer, Self);
        Context.Stop(Self);
    }
}
