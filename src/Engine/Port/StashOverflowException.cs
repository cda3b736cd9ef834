namespace Cluster.Engine.Port;

/// <summary>An actor tried to set aside more messages than its bound allows.</summary>
public sealed class StashOverflowException(IActorRef actor, int capacity)
    : Exception($"{actor.Path} stashed {capacity} messages, its bound: unstash earlier, or raise it by Props.WithStashCapacity");
