namespace Cluster.Engine.Port;

/// <summary>A name for an actor is not allowed or taken.</summary>
public sealed class InvalidActorNameException(string message) : Exception(message);
