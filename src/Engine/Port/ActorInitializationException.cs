namespace Cluster.Engine.Port;

/// <summary>An actor's constructor or start hook threw: it has no state to go on with.</summary>
public sealed class ActorInitializationException(IActorRef actor, Exception cause)
    : Exception($"{actor.Path} failed to start: {cause.Message}", cause)
{
    public IActorRef Actor { get; } = actor;
}
