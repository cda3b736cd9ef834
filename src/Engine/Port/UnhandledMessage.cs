namespace Cluster.Engine.Port;

/// <summary>A message that an actor received and did not know.</summary>
public sealed record UnhandledMessage(object Message, IActorRef Sender, IActorRef Recipient);
