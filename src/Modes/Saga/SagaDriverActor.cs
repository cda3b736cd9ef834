using Cluster.Engine.Port;
using Cluster.Modes.Hosting;
using Cluster.Modes.Shop;
using Cluster.Shared.Results;

namespace Cluster.Modes.Saga;

/// <summary>
/// Carries one saga on, on one node, to its end: sends the message that is due, takes the answer to the log, and goes by what the log says. It may die at any point, and another one
/// begin anywhere: nothing that matters is only here. Of a choreographed saga it is the network between the participants, and knows no more than the event in its hand.
/// </summary>
/// <param name="saga">As far as it is known here; the log's answer to <paramref name="first"/> corrects it.</param>
/// <param name="first">What begins it, or the offer to carry it on.</param>
/// <param name="asker">The client, told once: of the begin, or of the end.</param>
internal sealed class SagaDriverActor(SagaServices services, SagaRecord saga, SagaEntry first, IActorRef? asker, bool waits) : Actor
{
    /// <summary>Before what was not answered is sent again: a failover of a shard takes some of them, and a shard without a majority is asked no more often than it can bear.</summary>
    private static readonly TimeSpan AgainAfter = TimeSpan.FromMilliseconds(200);

    /// <summary>After it an answer is taken for lost, and the message is sent again. Above what a healthy shard takes, and about what a failover does.</summary>
    private static readonly TimeSpan LostAfter = TimeSpan.FromSeconds(1);

    /// <summary>With the flaw that takes silence for a refusal: how long silence has to last.</summary>
    private static readonly TimeSpan FlawedPatience = TimeSpan.FromMilliseconds(250);

    /// <summary>Times that a begin of unknown outcome is sent again while its client waits.</summary>
    private const int MostBegins = 5;

    private readonly SagaEntry first = first;
    private TimeSpan began;
    private SagaRecord saga = saga;
    private SagaEntry entry = first;
    private SagaMove? move;
    private IActorRef? asker = asker;
    private int attempts;
    private int begins;
    private bool isKnown;
    private bool asksLedger;

    private enum Due
    {
        Write,
        Move,
        Deadline,
        Silence,
    }

    private static SagaDefinition Definition => OrderSaga.Definition;

    private bool IsOrchestrated => saga.Style == SagaStyle.Orchestrated;

    protected override void PreStart()
    {
        began = Context.System.Time.Elapsed();
        Write(entry);
    }

    protected override void Receive(object message)
    {
        switch (message)
        {
            case SagaTurn turn:
                Turn(turn);
                break;
            case LogDown down:
                Retry(down.Error);
                break;
            case Due.Write:
                services.WayToLogOf(saga.Id).Tell(entry, Self);
                break;
            case Due.Move:
                Send();
                break;
            case Due.Deadline:
                Expire();
                break;
            case Due.Silence when asksLedger:
                Write(new SagaEntry(Report: new SagaReport(saga.Id, saga.Step, SagaFinding.Refused, attempts, "it has not answered")));
                break;
            case Due.Silence:
                break;
            case LedgerEntry or EntityRefused when asksLedger && Sender.Equals(services.Ledgers[move!.To].Ref):
                Answered(message);
                break;
            case EntityUnavailable when asksLedger && Sender.Equals(services.Ledgers[move!.To].Ref):
                SendAgain();
                break;
            case LedgerEntry or EntityRefused or EntityUnavailable:
                break; // To a message of before, maybe to another participant: the log has moved on since.
            default:
                Unhandled(message);
                break;
        }
    }

    private void Write(SagaEntry what)
    {
        (entry, asksLedger) = (what, false);
        Timers.Cancel(Due.Move);
        Timers.Cancel(Due.Silence);
        services.WayToLogOf(saga.Id).Tell(entry, Self);
    }

    private void Turn(SagaTurn turn)
    {
        if (turn.Refused is { } refused)
        {
            End(isKnown ? ModeAnswer.Failed(new ClusterError(ErrorCode.OutcomeUnknown, refused)) : ModeAnswer.Conflict(refused));
            return;
        }

        saga = saga with { Phase = turn.Phase, Step = turn.Step, Driver = turn.Driver, DeadlineUnixMs = turn.DeadlineUnixMs, Why = turn.Why };
        if (!isKnown)
        {
            Begun();
        }

        if (saga.HasEnded)
        {
            if (entry.Report is not null)
            {
                services.Measure(saga.Style, saga.Phase, first.Begin is null ? null : Context.System.Time.Elapsed() - began);
            }

            End(Outcome(saga.Phase.ToString().ToLowerInvariant()));
        }
        else if (saga.Driver != services.Name && asker is null)
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
        isKnown = true;
        if (!waits)
        {
            asker?.Tell(Outcome("started"), Self);
            asker = null;
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
        services.Ledgers[move.To].Tell(new ToEntity(move.Ledger, command), Self);
        Timers.StartSingle(Due.Move, Due.Move, LostAfter);
        if (services.TakesSilenceForRefusal && IsOrchestrated && saga.Phase == SagaPhase.Forward)
        {
            Timers.StartSingle(Due.Silence, Due.Silence, FlawedPatience);
        }
    }

    private void Answered(object reply)
    {
        if (IsOrchestrated)
        {
            if (SagaCore.Read(Definition, saga, reply, attempts) is { } report)
            {
                Write(new SagaEntry(Report: report));
            }
            else if (reply is EntityRefused)
            {
                SendAgain();
            }
        }
        else if (reply is LedgerEntry happened)
        {
            var (next, end) = Choreography.React(saga, move!.To, happened.State);
            saga = saga with { Why = saga.Why ?? happened.Why };
            if (next is not null)
            {
                Prepare(next);
            }
            else
            {
                Write(new SagaEntry(Report: new SagaReport(saga.Id, saga.Step, end!.Value, attempts, saga.Why)));
            }
        }
        else
        {
            SendAgain();
        }
    }

    private void SendAgain() => Timers.StartSingle(Due.Move, Due.Move, AgainAfter);

    private void Expire()
    {
        if (saga.Phase == SagaPhase.Forward && move is not null && entry.Report is null or { Finding: not SagaFinding.Expired } && Definition.MayTurnBackAt(saga.Step))
        {
            Write(new SagaEntry(Report: new SagaReport(saga.Id, saga.Step, SagaFinding.Expired, attempts, "its deadline passed while it was under way")));
        }
    }

    /// <summary>Only a begin can be given up: then there may be no saga. What there is must end.</summary>
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

    private ModeAnswer Outcome(string outcome) => ModeAnswer.Ok(new SagaOutcomeView(saga.Id, outcome, saga.Why), SagaJson.Default.SagaOutcomeView);

    private void End(ModeAnswer answer)
    {
        asker?.Tell(answer, Self);
        Context.Stop(Self);
    }
}
