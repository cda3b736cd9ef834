namespace Cluster.Engine.Port;

/// <summary>A mailbox of policy <see cref="MailboxOverflow.Fail"/> is full. The message was not accepted.</summary>
public sealed class MailboxFullException(ActorPath recipient, int capacity)
    : Exception($"The mailbox of {recipient} holds {capacity} messages, its bound: send slower, or raise it by Props.WithMailbox");
