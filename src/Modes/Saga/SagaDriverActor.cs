using Cluster.Engine.Port;
using Cluster.Modes.Hosting;
using Cluster.Modes.Shop;

namespace Cluster.Modes.Saga;

/// <summary>
/// Carries one saga on to its end: sends the message that is due, takes the answer to the log, and goes by what the log says. Of a choreographed saga it is the network between the participants, and knows no
/// more than the event in its hand. Its client is told that the order is complete as soon as nothing can prevent it any more: when the pivot is done.
/// </summary>
/// <param name="saga">As far as it is known here; the log's answer to <paramref name="first"/> corrects it.</param>
/// <param name="waits">Whether the client waits for the end, and not for the begin only.</param>
internal sealed class SagaDriverActor(SagaServices services, SagaRecord saga, SagaEntry first, IActorRef? asker, bool waits) : OrderDriverActor<SagaEntry, SagaTurn>(services.Log, saga.Id, first, asker)
{
    /// <summary>With the flaw that takes silence for a refusal: how long silence has to last.</summary>
    private static readonly TimeSpan FlawedPatience = TimeSpan.FromMilliseconds(250);

    private readonly bool isFirstDriver = first.Begin is not null;
    private TimeSpan began;
    private SagaRecord saga = saga;
    private SagaMove? move;
    private int attempts;
    private bool asksLedger;

    private enum Due
    {
        Move,
        Deadline,
        Silence,
    }

    private static SagaDefinition Definition => OrderSaga.Definition;

    private bool IsOrchestrated => saga.Style == SagaStyle.Orchestrated;

    protected override void PreStart()
    {
        began = Context.System.Time.Elapsed();
        base.PreStart();
    }

    protected override void Receive(object message)
    {
        switch (message)
        {
            case Due.Move:
                Send();
                break;
            case Due.Deadline:
                Expire();
                break;
            case Due.Silence when asksLedger:
                Report(new SagaReport(saga.Id, saga.Step, SagaFinding.Refused, attempts, "it has not answered", saga.Order.Content));
                break;
            case Due.Silence:
                break;
            case LedgerEntry or EntityRefused or EntityUnavailable when services.Ledgers.Of(Sender) is { } participant:
                if (asksLedger && participant == move!.To)
                {
                    Answered(message);
                }

                break; // Else it answers a message of before, maybe to another participant: the log has moved on since.
            default:
                base.Receive(message);
                break;
        }
    }

    protected override string? WhyRefused(SagaTurn turn) => turn.Refused;

    protected override void Turned(SagaTurn turn, bool isFirst)
    {
        saga = saga with { Phase = turn.Phase, Step = turn.Step, Driver = turn.Driver, DeadlineUnixMs = turn.DeadlineUnixMs, Why = turn.Why, IdIsAnothers = turn.IdIsAnothers };
        if (isFirst)
        {
            Begun();
        }

        if (saga.HasEnded)
        {
            if (Entry.Report is not null)
            {
                services.Measure(saga.Style, saga.Phase, isFirstDriver ? Context.System.Time.Elapsed() - began : null);
            }

            End(Outcome(saga.Phase.ToString().ToLowerInvariant()));
        }
        else if (saga.Driver != services.Name && !IsWaitedFor)
        {
            Context.Stop(Self); // Another node carries it on, and nobody waits here.
        }
        else
        {
            Prepare(IsOrchestrated ? SagaCore.Next(Definition, saga)! : Choreography.Begin(saga));
        }
    }

    private void Begun()
    {
        if (!waits)
        {
            Tell(Outcome("started"));
        }

        if (IsOrchestrated)
        {
            var left = saga.DeadlineUnixMs - Context.System.Time.GetUtcNow().ToUnixTimeMilliseconds();
            Timers.StartSingle(Due.Deadline, Due.Deadline, TimeSpan.FromMilliseconds(Math.Clamp(left, 1, SagaOperations.LongestTimeout.TotalMilliseconds)));
        }
    }

    private void Prepare(SagaMove next)
    {
        (move, attempts, asksLedger) = (next, 0, false);
        if (saga.PaceMs > 0)
        {
            Timers.StartSingle(Due.Move, Due.Move, TimeSpan.FromMilliseconds(saga.PaceMs));
        }
        else
        {
            Send();
        }
    }

    private void Send()
    {
        attempts++;
        asksLedger = true;
        var command = services.CompensatesTwice && move!.Command is GiveBack back ? back with { Blindly = true } : move!.Command;
        services.Ledgers.Tell(move.To, move.Ledger, command, Self);
        if (services.TakesSilenceForRefusal && IsOrchestrated && saga.Phase == SagaPhase.Forward)
        {
            Timers.StartSingle(Due.Silence, Due.Silence, FlawedPatience);
        }
    }

    private void Answered(object reply)
    {
        if (IsOrchestrated && SagaCore.Read(Definition, saga, reply, attempts) is { } report)
        {
            Found(report);
        }
        else if (!IsOrchestrated && Choreography.StateOf(move!, reply) is { } state)
        {
            saga = saga with { IdIsAnothers = saga.IdIsAnothers || Ledger.IdIsAnothers(reply, saga.Id) };
            Happened(state, (reply as LedgerEntry)?.Why ?? (reply as EntityRefused)?.Reason);
        }
        else
        {
            Timers.StartSingle(Due.Move, Due.Move, AgainAfter);
        }
    }

    private void Found(SagaReport report)
    {
        if (SagaCore.IsCertain(Definition, report))
        {
            Tell(Outcome("completed"));
        }

        // One that people watch is written down step by step.
        if (saga.PaceMs == 0 && SagaCore.Ahead(Definition, saga, report) is { } ahead)
        {
            saga = ahead;
            Prepare(SagaCore.Next(Definition, saga)!);
        }
        else
        {
            Report(report);
        }
    }

    private void Happened(EntryState state, string? why)
    {
        if (Choreography.IsCertain(move!.To, state))
        {
            Tell(Outcome("completed"));
        }

        var (next, end) = Choreography.React(saga, move.To, state);
        saga = saga with { Why = saga.Why ?? why };
        if (next is not null)
        {
            Prepare(next);
        }
        else
        {
            Report(new SagaReport(saga.Id, saga.Step, end!.Value, attempts, saga.Why, saga.Order.Content, saga.IdIsAnothers));
        }
    }

    private void Report(SagaReport report)
    {
        asksLedger = false;
        Timers.Cancel(Due.Move);
        Timers.Cancel(Due.Silence);
        Write(new SagaEntry(Report: report));
    }

    private void Expire()
    {
        if (saga.Phase == SagaPhase.Forward && move is not null && Entry.Report is null or { Finding: not SagaFinding.Expired } && Definition.MayTurnBackAt(saga.Step))
        {
            Report(new SagaReport(saga.Id, saga.Step, SagaFinding.Expired, attempts, "its deadline passed while it was under way", saga.Order.Content));
        }
    }

    private ModeAnswer Outcome(string outcome) => ModeAnswer.Ok(new SagaOutcomeView(saga.Id, outcome, saga.Why), SagaJson.Default.SagaOutcomeView);
}
