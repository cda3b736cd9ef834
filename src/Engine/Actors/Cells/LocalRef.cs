using Cluster.Engine.Actors.Mailboxes;
using Cluster.Engine.Port;

namespace Cluster.Engine.Actors.Cells;

/// <summary>A reference to an actor of this system, for one life of it: a restart keeps it, a stop ends it.</summary>
internal sealed class LocalRef(ActorCell cell, ActorPath path, Mailbox mailbox) : InternalRef
{
    public override ActorPath Path => path;

    public ActorCell Cell => cell;

    protected override ActorSystem System => cell.OwnSystem;

    public override void Tell(object message, IActorRef? sender = null)
    {
        ArgumentNullException.ThrowIfNull(message);
        mailbox.Post(new Envelope(message, sender));
    }

    public override void SendSystem(SystemMessage message) => mailbox.PostSystem(message);
}
