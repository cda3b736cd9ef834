namespace Cluster.Engine.Actors.Mailboxes;

/// <summary>
/// The bounded queue inside a mailbox: many senders, one receiver. From one sender, first in is first out.
/// </summary>
/// <remarks>
/// <see cref="TryEnqueue"/> issues a full fence after the message has become visible to <see cref="IsEmpty"/>: the mailbox relies on it to
/// never sleep with a message inside.
/// </remarks>
internal abstract class MailboxQueue
{
    /// <summary>Messages inside, exact when nobody is sending.</summary>
    public abstract long Count { get; }

    /// <summary>Receiver only, exact. A message that a sender is about to write counts as being inside.</summary>
    public abstract bool IsEmpty { get; }

    /// <returns>False if a message found no room: the one in <paramref name="refused"/>.</returns>
    public abstract bool TryEnqueue(in Envelope envelope, bool forced, out Envelope refused);

    /// <summary>Receiver only. False if there is no message, or the next one is still being written.</summary>
    public abstract bool TryDequeue(out Envelope envelope);
}
