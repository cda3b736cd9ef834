namespace Cluster.Engine.Port;

/// <summary>What a full mailbox does. Messages of the runtime itself (stops, watches, timers) are never refused.</summary>
public enum MailboxOverflow
{
    /// <summary>The new message goes to dead letters: what was accepted first is served first.</summary>
    DropNewest,

    /// <summary>The oldest waiting message goes to dead letters: for readings of which only the latest counts.</summary>
    DropOldest,

    /// <summary><c>Tell</c> throws <see cref="MailboxFullException"/>: the sender must slow down. From other nodes: dead letters.</summary>
    Fail,
}
