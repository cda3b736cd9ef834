using Cluster.Engine.Actors.Cells;
using Cluster.Engine.Actors.Dispatchers;
using Cluster.Engine.Port;

namespace Cluster.Engine.Actors.Mailboxes;

/// <summary>
/// An actor's inbox and its claim to a thread: at most one thread runs the actor at a time, and none while there is nothing to do.
/// System messages go first.
/// </summary>
/// <remarks>
/// No message is slept on: a sender makes its message visible, then looks whether the mailbox is idle; the receiver declares itself idle,
/// then looks for messages; and a full fence stands between the two steps on both sides.
/// </remarks>
internal sealed class Mailbox(ActorCell cell, MailboxQueue queue, IDispatcher dispatcher, int throughput, int capacity, MailboxOverflow overflow)
    : IThreadPoolWorkItem
{
    private const int Idle = 0;
    private const int Scheduled = 1;

    private int status;
    private SystemMessage? systemTop;
    private volatile bool closed;

    public long Count => queue.Count;

    public bool HasSystemMessages => Volatile.Read(ref systemTop) is not null;

    /// <summary>Receiver only, exact.</summary>
    public bool IsEmpty => queue.IsEmpty;

    public void Post(in Envelope envelope)
    {
        if (closed)
        {
            cell.DeadLetter(envelope, DeadLetterReasons.Stopped);
            return;
        }

        if (!queue.TryEnqueue(envelope, forced: false, out var refused) && !AcceptAnyway(refused))
        {
            return;
        }

        ScheduleIfIdle();
    }

    /// <summary>For the runtime's own messages: never refused.</summary>
    public void PostForced(IRuntimeMessage message, IActorRef? sender)
    {
        queue.TryEnqueue(new Envelope(message, sender), forced: true, out _);
        ScheduleIfIdle();
    }

    public void PostSystem(SystemMessage message)
    {
        SystemMessage? top;
        do
        {
            top = Volatile.Read(ref systemTop);
            message.Next = top;
        }
        while (Interlocked.CompareExchange(ref systemTop, message, top) != top);
        ScheduleIfIdle();
    }

    /// <summary>Receiver only: takes all system messages at once, oldest first, linked by <see cref="SystemMessage.Next"/>.</summary>
    public SystemMessage? TakeSystemMessages()
    {
        var newest = Interlocked.Exchange(ref systemTop, null);
        SystemMessage? oldest = null;
        while (newest is not null)
        {
            var next = newest.Next;
            newest.Next = oldest;
            oldest = newest;
            newest = next;
        }

        return oldest;
    }

    public bool TryTake(out Envelope envelope) => queue.TryDequeue(out envelope);

    /// <summary>From now on messages go to dead letters; the few that still slip in are found by a last run.</summary>
    public void Close() => closed = true;

    void IThreadPoolWorkItem.Execute()
    {
        cell.Run(throughput);
        if (cell.HasWork)
        {
            dispatcher.Schedule(this);
            return;
        }

        Volatile.Write(ref status, Idle);
        Interlocked.MemoryBarrier();

        // Another thread may already run the actor: then the answer is a guess, and the exchange below or that run's own end puts it right.
        if (cell.HasWork)
        {
            ScheduleIfIdle();
        }
    }

    private void ScheduleIfIdle()
    {
        if (Volatile.Read(ref status) == Idle && Interlocked.CompareExchange(ref status, Scheduled, Idle) == Idle)
        {
            dispatcher.Schedule(this);
        }
    }

    /// <returns>Whether there is something new in the mailbox.</returns>
    private bool AcceptAnyway(in Envelope refused)
    {
        if (refused.Message is IRuntimeMessage message)
        {
            PostForced(message, refused.Sender);
            return false;
        }

        if (overflow == MailboxOverflow.Fail)
        {
            throw new MailboxFullException(cell.Path, capacity);
        }

        cell.DeadLetter(refused, DeadLetterReasons.MailboxFull);
        return overflow == MailboxOverflow.DropOldest;
    }
}
