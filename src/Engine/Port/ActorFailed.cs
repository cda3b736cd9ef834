namespace Cluster.Engine.Port;

/// <summary>An actor failed and its supervisor decided.</summary>
public sealed record ActorFailed(IActorRef Actor, Exception Cause, Directive Directive);
