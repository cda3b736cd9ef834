using Cluster.Engine.Actors.Mailboxes;
using Cluster.Engine.Port;

namespace Cluster.Engine.Actors.Cells;

/// <summary>
/// Death watch. The end of a watched actor comes as a system message but is handed to the actor through its mailbox, behind
/// everything the dead one had sent.
/// </summary>
internal sealed partial class ActorCell
{
    private InsertionOrdered<InternalRef, bool>? watched;
    private InsertionOrdered<InternalRef, bool>? watchers;

    /// <summary>Ends that wait in the mailbox and are still wanted.</summary>
    private HashSet<Terminated>? announced;

    public IActorRef Watch(IActorRef actor)
    {
        var watchee = OwnSystem.Own(actor);
        if (!watchee.Equals(OwnRef) && (watched ??= new()).TryAdd(watchee, true))
        {
            watchee.SendSystem(new WatchSignal(watchee, OwnRef));
        }

        return actor;
    }

    public void Unwatch(IActorRef actor)
    {
        var watchee = OwnSystem.Own(actor);
        if (watched is not null && watched.Remove(watchee))
        {
            watchee.SendSystem(new UnwatchSignal(watchee, OwnRef));
        }

        announced?.RemoveWhere(end => watchee.Equals(end.Actor));
    }

    private void AddWatcher(InternalRef watcher)
    {
        if (!watcher.Equals(OwnRef))
        {
            (watchers ??= new()).TryAdd(watcher, true);
        }
    }

    private void OnDeath(DeathSignal death)
    {
        if (watched is not null && watched.Remove(death.Dead))
        {
            var end = new Terminated(death.Dead, death.ExistenceConfirmed, death.AddressTerminated);
            (announced ??= []).Add(end);
            mailbox.PostForced(end, death.Dead);
        }

        if (death.Dead is not LocalRef child || !children.Remove(child))
        {
            return;
        }

        if (state == CellState.Recreating && !children.AnyStopping)
        {
            FinishRecreate();
        }
        else if (state == CellState.Stopping && children.Count == 0)
        {
            FinishStop();
        }
    }

    private void AnnounceDeath()
    {
        parent.SendSystem(new DeathSignal(OwnRef, existenceConfirmed: true, addressTerminated: false));
        foreach (var (watcher, _) in watchers?.ToArray() ?? [])
        {
            if (!ReferenceEquals(watcher, parent))
            {
                watcher.SendSystem(new DeathSignal(OwnRef, existenceConfirmed: true, addressTerminated: false));
            }
        }

        foreach (var (watchee, _) in watched?.ToArray() ?? [])
        {
            watchee.SendSystem(new UnwatchSignal(watchee, OwnRef));
        }

        watchers = null;
        watched = null;
        announced = null;
    }

    /// <summary>A stopped actor still tells whoever watches it, or speaks of it as alive, that it is gone.</summary>
    private void AnswerFromTheGrave(SystemMessage message)
    {
        switch (message)
        {
            case WatchSignal watch:
                watch.Watcher.SendSystem(new DeathSignal(watch.Watchee, existenceConfirmed: true, addressTerminated: false));
                break;
            case FailedSignal or DeathSignal or StopSignal or UnwatchSignal or SuspendSignal or ResumeSignal or RecreateSignal:
                break;
            default:
                throw new InvalidOperationException($"{Path} is stopped and got {message.GetType().Name}");
        }
    }
}
