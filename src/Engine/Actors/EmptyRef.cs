using Cluster.Engine.Actors.Mailboxes;
using Cluster.Engine.Port;

namespace Cluster.Engine.Actors;

/// <summary>A path of this system at which no actor was found: messages go to dead letters, and whoever watches it learns of its end at once.</summary>
internal sealed class EmptyRef(ActorSystem system, ActorPath path) : InternalRef
{
    public override ActorPath Path => path;

    protected override ActorSystem System => system;

    public override void Tell(object message, IActorRef? sender = null)
    {
        ArgumentNullException.ThrowIfNull(message);
        system.DeadLetterOffice.Post(new Envelope(message, sender), this, DeadLetterReasons.NoSuchActor);
    }

    public override void SendSystem(SystemMessage message)
    {
        if (message is WatchSignal watch)
        {
            watch.Watcher.SendSystem(new DeathSignal(watch.Watchee, existenceConfirmed: false, addressTerminated: false));
        }
    }
}
