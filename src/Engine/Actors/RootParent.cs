using Cluster.Engine.Actors.Mailboxes;
using Cluster.Engine.Port;

namespace Cluster.Engine.Actors;

/// <summary>Stands above the top of the tree, so that the top has someone to report to: a failure there ends the system.</summary>
internal sealed class RootParent(ActorSystem system) : InternalRef
{
    public override ActorPath Path => ActorPath.Root;

    protected override ActorSystem System => system;

    public override void Tell(object message, IActorRef? sender = null) => system.DeadLetterOffice.Tell(message, sender);

    public override void SendSystem(SystemMessage message)
    {
        switch (message)
        {
            case FailedSignal failed:
                failed.Child.SendSystem(new StopSignal());
                break;
            case DeathSignal:
                system.OnRootStopped();
                break;
            default:
                break;
        }
    }
}
