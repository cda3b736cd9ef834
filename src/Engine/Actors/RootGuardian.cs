using Cluster.Engine.Port;

namespace Cluster.Engine.Actors;

/// <summary>The top of the tree. Ends the system in order: the users' actors first, while what serves them is still there.</summary>
internal sealed class RootGuardian : Actor
{
    private IActorRef? systemGuardian;

    protected override SupervisorStrategy SupervisorStrategy => SupervisorStrategy.Stopping;

    protected override void Receive(object message)
    {
        switch (message)
        {
            case BeginTermination begin:
                systemGuardian = begin.SystemGuardian;
                Context.Stop(Context.Watch(begin.UserGuardian));
                break;
            case Terminated end when end.Actor.Equals(systemGuardian):
                Context.Stop(Self);
                break;
            case Terminated when systemGuardian is not null:
                Context.Stop(Context.Watch(systemGuardian));
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    internal sealed record BeginTermination(IActorRef UserGuardian, IActorRef SystemGuardian);
}
