namespace Cluster.Engine.Port;

/// <summary>A message that reached no actor.</summary>
/// <param name="Reason">Why, in words: the receiver was gone, its mailbox full, the link refused it, or it could not be read.</param>
public sealed record DeadLetter(object Message, IActorRef? Sender, IActorRef Recipient, string Reason);
