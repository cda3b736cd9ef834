using Cluster.Engine.Port;

namespace Cluster.Engine.Actors.Mailboxes;

/// <summary>The queue of <see cref="MailboxOverflow.DropOldest"/>: full, it gives up its oldest message for the new one, but never one of the runtime's own.</summary>
internal sealed class EvictingQueue(int capacity) : MailboxQueue
{
    private readonly LinkedList<Envelope> messages = new();

    public override long Count
    {
        get
        {
            lock (messages)
            {
                return messages.Count;
            }
        }
    }

    public override bool IsEmpty => Count == 0;

    public override bool TryEnqueue(in Envelope envelope, bool forced, out Envelope refused)
    {
        refused = default;
        var accepted = true;
        lock (messages)
        {
            if (messages.Count >= capacity && !forced && OldestThatMayGo() is { } oldest)
            {
                refused = oldest.Value;
                messages.Remove(oldest);
                accepted = false;
            }

            messages.AddLast(envelope);
        }

        Interlocked.MemoryBarrier();
        return accepted;
    }

    public override bool TryDequeue(out Envelope envelope)
    {
        lock (messages)
        {
            if (messages.First is not { } first)
            {
                envelope = default;
                return false;
            }

            envelope = first.Value;
            messages.RemoveFirst();
            return true;
        }
    }

    private LinkedListNode<Envelope>? OldestThatMayGo()
    {
        var node = messages.First;
        while (node is { Value.Message: IRuntimeMessage })
        {
            node = node.Next;
        }

        return node;
    }
}
