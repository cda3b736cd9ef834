namespace Cluster.Engine.Port;

/// <summary>A watched actor ended and the watcher did not handle its <see cref="Terminated"/>.</summary>
public sealed class DeathPactException(IActorRef dead) : Exception($"{dead.Path} ended and its watcher does not handle Terminated")
{
    public IActorRef Dead { get; } = dead;
}
