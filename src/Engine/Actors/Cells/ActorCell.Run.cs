using Cluster.Engine.Actors.Mailboxes;
using Cluster.Engine.Persistence;
using Cluster.Engine.Port;

namespace Cluster.Engine.Actors.Cells;

/// <summary>An actor's turn: system messages first, then up to a bound of user messages, then the end of the batch.</summary>
internal sealed partial class ActorCell
{
    private IBatchActor? batchActor;
    private bool batchOpen;

    /// <summary>Whether another turn would do anything.</summary>
    public bool HasWork => mailbox.HasSystemMessages || state switch
    {
        CellState.Running => suspensions == 0 && (stash is { HasPutBack: true } || !mailbox.IsEmpty),
        CellState.Stopped => !mailbox.IsEmpty,
        _ => false,
    };

    private bool MayReceive => state == CellState.Running && suspensions == 0;

    public void Run(int throughput)
    {
        if (mailbox.HasSystemMessages)
        {
            HandleSystemMessages();
        }

        for (var left = throughput; left > 0 && MayReceive && TryTake(out current); left--)
        {
            Invoke();
            if (mailbox.HasSystemMessages)
            {
                HandleSystemMessages();
            }
        }

        current = default;
        EndBatch();
        idleTimer?.EndRun();
        if (state == CellState.Stopped)
        {
            BuryMessages();
        }
    }

    private bool TryTake(out Envelope envelope) =>
        (stash is { HasPutBack: true } && stash.TryTake(out envelope)) || mailbox.TryTake(out envelope);

    private void Invoke()
    {
        batchOpen = true;
        try
        {
            if (current.Message is IRuntimeMessage message)
            {
                InvokeRuntimeMessage(message);
            }
            else
            {
                idleTimer?.Touch();
                actor!.Dispatch(current.Message);
            }
        }
        catch (Exception cause)
        {
            Fail(cause);
        }
    }

    private void InvokeRuntimeMessage(IRuntimeMessage message)
    {
        switch (message)
        {
            case TimerTick tick when timers?.Arrived(tick) is { } timed:
                current = new Envelope(timed, Self);
                idleTimer?.Touch();
                actor!.Dispatch(timed);
                break;
            case IdleTimer idle when ReferenceEquals(idle, idleTimer) && idle.Arrived():
                current = new Envelope(ReceiveTimeout.Instance, Self);
                actor!.Dispatch(ReceiveTimeout.Instance);
                break;
            case Terminated terminated when announced is not null && announced.Remove(terminated):
                idleTimer?.Touch();
                actor!.Dispatch(terminated);
                break;
            case JournalReply reply when actor is PersistentActor persistent:
                persistent.Heard(reply);
                break;
            case PoisonPill:
                OwnRef.SendSystem(new StopSignal());
                break;
            case Kill:
                throw new ActorKilledException(Self);
            default:
                // A tick of a cancelled timer, or the end of an actor that is no longer watched.
                break;
        }
    }

    private void EndBatch()
    {
        if (!batchOpen || !MayReceive)
        {
            return;
        }

        batchOpen = false;
        try
        {
            batchActor?.OnBatchEnd();
        }
        catch (Exception cause)
        {
            Fail(cause);
        }
    }

    private void HandleSystemMessages()
    {
        current = default;
        while (mailbox.TakeSystemMessages() is { } message)
        {
            for (SystemMessage? next; message is not null; message = next!)
            {
                next = message.Next;
                message.Next = null;
                try
                {
                    Handle(message);
                }
                catch (Exception cause)
                {
                    Fail(cause);
                }
            }
        }
    }

    private void Handle(SystemMessage message)
    {
        if (state == CellState.Stopped)
        {
            AnswerFromTheGrave(message);
            return;
        }

        switch (message)
        {
            case CreateSignal:
                Create();
                break;
            case SuspendSignal:
                Suspend();
                break;
            case ResumeSignal resume:
                Resume(resume.ClearsFailure);
                break;
            case RecreateSignal recreate:
                Recreate(recreate.Cause);
                break;
            case StopSignal:
                BeginStop();
                break;
            case FailedSignal failed:
                JudgeChild(failed.Child, failed.Cause);
                break;
            case WatchSignal watch:
                AddWatcher(watch.Watcher);
                break;
            case UnwatchSignal unwatch:
                watchers?.Remove(unwatch.Watcher);
                break;
            case DeathSignal death:
                OnDeath(death);
                break;
            default:
                throw new InvalidOperationException($"{Path} got an unknown system message {message.GetType().Name}");
        }
    }
}
