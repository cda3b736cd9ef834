namespace Cluster.Engine.Port;

/// <summary>The actor was sent <see cref="Kill"/>.</summary>
public sealed class ActorKilledException(IActorRef actor) : Exception($"{actor.Path} was sent Kill");
