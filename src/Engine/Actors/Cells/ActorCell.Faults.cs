using Cluster.Engine.Actors.Mailboxes;
using Cluster.Engine.Port;

namespace Cluster.Engine.Actors.Cells;

/// <summary>
/// Start, failure, restart and stop. A failed actor is suspended with its whole subtree until its parent's verdict; suspensions are counted,
/// because an actor may be suspended for its own failure and for an ancestor's at once.
/// </summary>
internal sealed partial class ActorCell
{
    private int suspensions;
    private bool awaitsVerdict;
    private object? failedMessage;
    private Exception? recreateCause;
    private LocalRef? culprit;
    private List<LocalRef>? laterCulprits;

    private void Create()
    {
        try
        {
            Adopt(ActorLife.Create(props, this));
            actor!.CallPreStart();
        }
        catch (Exception cause)
        {
            Abandon();
            Fail(new ActorInitializationException(Self, cause));
        }
    }

    private void Adopt(Actor fresh)
    {
        actor = fresh;
        batchActor = fresh as IBatchActor;
        batchOpen = true;
    }

    /// <summary>Lets go of the instance and of what belongs to it alone.</summary>
    private void Abandon()
    {
        actor = null;
        batchActor = null;
        batchOpen = false;
        timers?.CancelAll();
        SetReceiveTimeout(null);
    }

    /// <param name="child">The child whose failure was escalated, if it was one: it is suspended already.</param>
    private void Fail(Exception cause, LocalRef? child = null)
    {
        if (state is CellState.Stopping or CellState.Stopped)
        {
            OwnSystem.Report(new ActorFailed(Self, cause, Directive.Stop));
            return;
        }

        if (awaitsVerdict)
        {
            // The first failure decides for both; a child that escalated the second one is suspended once more than its siblings.
            if (child is not null)
            {
                (laterCulprits ??= []).Add(child);
            }

            return;
        }

        awaitsVerdict = true;
        failedMessage = current.Message;
        culprit = child;
        suspensions++;
        foreach (var entry in children.ToArray())
        {
            if (!ReferenceEquals(entry.Ref, child))
            {
                entry.Ref.SendSystem(new SuspendSignal());
            }
        }

        parent.SendSystem(new FailedSignal(OwnRef, cause));
    }

    private void Suspend()
    {
        suspensions++;
        foreach (var entry in children.ToArray())
        {
            entry.Ref.SendSystem(new SuspendSignal());
        }
    }

    private void Resume(bool clearsFailure)
    {
        if (clearsFailure && actor is null && state == CellState.Running)
        {
            // It failed to start: there is no instance to go on with.
            RecreateUnborn();
            return;
        }

        suspensions--;
        var blamed = culprit;
        if (clearsFailure)
        {
            ClearFailure();
        }

        foreach (var entry in children.ToArray())
        {
            entry.Ref.SendSystem(new ResumeSignal(clearsFailure && ReferenceEquals(entry.Ref, blamed)));
        }

        if (clearsFailure)
        {
            ResumeLaterCulprits();
        }
    }

    private void ClearFailure()
    {
        awaitsVerdict = false;
        failedMessage = null;
        culprit = null;
    }

    private void ResumeLaterCulprits()
    {
        if (laterCulprits is not { } later)
        {
            return;
        }

        laterCulprits = null;
        foreach (var child in later)
        {
            child.SendSystem(new ResumeSignal(clearsFailure: true));
        }
    }

    private void Recreate(Exception cause)
    {
        if (state != CellState.Running)
        {
            // Already on the way to a new instance or to the end: only the count of suspensions has to come out even.
            suspensions--;
            return;
        }

        if (actor is null)
        {
            RecreateUnborn();
            return;
        }

        try
        {
            actor.CallPreRestart(cause, failedMessage);
        }
        catch (Exception second)
        {
            OwnSystem.Report(new ActorFailed(Self, second, Directive.Restart));
        }

        Abandon();
        stash?.UnstashAll();
        AwaitChildren(cause);
    }

    /// <summary>A new attempt for an actor whose instance never came to be.</summary>
    private void RecreateUnborn()
    {
        foreach (var child in Children)
        {
            Stop(child);
        }

        AwaitChildren(null);
    }

    private void AwaitChildren(Exception? cause)
    {
        recreateCause = cause;
        state = CellState.Recreating;
        if (!children.AnyStopping)
        {
            FinishRecreate();
        }
    }

    private void FinishRecreate()
    {
        var cause = recreateCause;
        var survivors = children.ToArray();
        recreateCause = null;
        state = CellState.Running;
        suspensions--;
        ClearFailure();
        if (cause is null)
        {
            Create();
            return;
        }

        try
        {
            Adopt(ActorLife.Create(props, this));
            actor!.CallPostRestart(cause);
        }
        catch (Exception second)
        {
            Abandon();
            Fail(new ActorInitializationException(Self, second));
        }

        foreach (var survivor in survivors)
        {
            survivor.Ref.SendSystem(new RecreateSignal(cause));
        }

        ResumeLaterCulprits();
    }

    private void BeginStop()
    {
        if (state == CellState.Stopping)
        {
            return;
        }

        EndBatch();
        children.Close();
        timers?.CancelAll();
        SetReceiveTimeout(null);
        state = CellState.Stopping;
        foreach (var child in Children)
        {
            Stop(child);
        }

        if (children.Count == 0)
        {
            FinishStop();
        }
    }

    private void FinishStop()
    {
        try
        {
            actor?.CallPostStop();
        }
        catch (Exception cause)
        {
            OwnSystem.Report(new ActorFailed(Self, cause, Directive.Stop));
        }

        Abandon();
        state = CellState.Stopped;
        mailbox.Close();
        BuryMessages();
        OwnSystem.EventStream.Unsubscribe(Self);
        AnnounceDeath();
    }

    /// <summary>Sends what nobody will handle any more to dead letters.</summary>
    private void BuryMessages()
    {
        stash?.UnstashAll();
        while (TryTake(out var envelope))
        {
            DeadLetter(envelope, DeadLetterReasons.Stopped);
        }
    }
}
