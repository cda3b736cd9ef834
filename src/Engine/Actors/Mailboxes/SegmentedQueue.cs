using System.Runtime.InteropServices;

namespace Cluster.Engine.Actors.Mailboxes;

/// <summary>
/// A linked list of small arrays. A sender claims a slot by one atomic increment and publishes the message by writing it there;
/// the receiver takes no atomic step. It refuses the newest message when full; senders that arrive at the same instant may
/// overshoot the bound by one message each.
/// </summary>
/// <remarks>
/// A drained array is used again. A sender that was held up may still point at it: while it is spare all its slots count as claimed, so
/// that sender moves on; once it is linked again the sender's claim is as good as any. Hence the reset and the link happen under one lock,
/// taken once an array.
/// </remarks>
internal sealed class SegmentedQueue : MailboxQueue
{
    /// <summary>4 KiB of slots: one lock in 256 messages, and an idle actor keeps little.</summary>
    private const int DefaultLargestSegment = 256;

    /// <summary>Most actors never have more waiting.</summary>
    private const int FirstSegment = 8;

    private readonly int capacity;
    private readonly int largestSegment;
    private readonly Lock growth = new();
    private Segment tail;
    private Segment? spare;
    private long consumedSeen;
    private Segment head;
    private Slot[] headSlots;
    private Position position;

    public SegmentedQueue(int capacity, int largestSegment = DefaultLargestSegment)
    {
        this.capacity = capacity;
        this.largestSegment = largestSegment;
        tail = new Segment(FirstSegment);
        head = tail;
        headSlots = tail.Slots;
    }

    public override long Count
    {
        get
        {
            var segment = Volatile.Read(ref tail);
            var claimed = segment.Start + Math.Min(Volatile.Read(ref segment.Claimed), segment.Slots.Length);
            return Math.Max(0, claimed - Volatile.Read(ref position.Consumed));
        }
    }

    public override bool IsEmpty
    {
        get
        {
            var segment = head;
            if (position.Index < segment.Slots.Length)
            {
                return Volatile.Read(ref segment.Claimed) <= position.Index;
            }

            return Volatile.Read(ref segment.Next) is not { } next || Volatile.Read(ref next.Claimed) == 0;
        }
    }

    public override bool TryEnqueue(in Envelope envelope, bool forced, out Envelope refused)
    {
        while (true)
        {
            var segment = Volatile.Read(ref tail);
            var slots = segment.Slots;
            var start = Volatile.Read(ref segment.Start);
            var claimed = Volatile.Read(ref segment.Claimed);
            if (claimed < slots.Length)
            {
                if (start + claimed - consumedSeen >= capacity && !forced && !HasRoom(start + claimed))
                {
                    if (Volatile.Read(ref segment.Start) != start)
                    {
                        // The two numbers are of different lives of this array.
                        continue;
                    }

                    refused = envelope;
                    return false;
                }

                var index = Interlocked.Increment(ref segment.Claimed) - 1;
                if (index < slots.Length)
                {
                    ref var slot = ref slots[index];
                    slot.Sender = envelope.Sender;
                    Volatile.Write(ref slot.Message, envelope.Message);
                    refused = default;
                    return true;
                }
            }

            Grow(segment);
        }
    }

    public override bool TryDequeue(out Envelope envelope)
    {
        if (position.Index == headSlots.Length && !Advance())
        {
            envelope = default;
            return false;
        }

        ref var slot = ref headSlots[position.Index];
        var message = Volatile.Read(ref slot.Message);
        if (message is null)
        {
            envelope = default;
            return false;
        }

        envelope = new Envelope(message, slot.Sender);
        slot.Message = null;
        slot.Sender = null;
        position.Index++;
        Volatile.Write(ref position.Consumed, position.Consumed + 1);
        return true;
    }

    /// <summary>Senders look at a remembered count of what was consumed, and at the real one, which the receiver keeps writing, only when that seems full.</summary>
    private bool HasRoom(long place)
    {
        consumedSeen = Volatile.Read(ref position.Consumed);
        return place - consumedSeen < capacity;
    }

    private void Grow(Segment full)
    {
        lock (growth)
        {
            // It may be the tail for the second time, and have room: the sender found it full in its former life, and waited here meanwhile.
            if (tail != full || Volatile.Read(ref full.Claimed) < full.Slots.Length)
            {
                return;
            }

            var next = spare ?? new Segment(Math.Min(full.Slots.Length * 2, largestSegment));
            spare = null;
            next.Start = full.Start + full.Slots.Length;
            Volatile.Write(ref next.Claimed, 0);
            Volatile.Write(ref full.Next, next);
            Volatile.Write(ref tail, next);
        }
    }

    private bool Advance()
    {
        var drained = head;
        if (Volatile.Read(ref drained.Next) is not { } next)
        {
            return false;
        }

        head = next;
        headSlots = next.Slots;
        position.Index = 0;
        if (drained.Slots.Length == largestSegment)
        {
            lock (growth)
            {
                drained.Next = null;
                spare ??= drained;
            }
        }

        return true;
    }

    private struct Slot
    {
        public object? Message;
        public Port.IActorRef? Sender;
    }

    /// <summary>What the receiver writes with every message, on a cache line that no sender reads.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 192)]
    private struct Position
    {
        [FieldOffset(64)]
        public long Consumed;

        [FieldOffset(72)]
        public int Index;
    }

    private sealed class Segment(int length)
    {
        public readonly Slot[] Slots = new Slot[length];

        /// <summary>How many messages the queue had taken before this segment's first.</summary>
        public long Start;

        /// <summary>Slots given to senders; runs past the length when the segment is full.</summary>
        public int Claimed;

        public Segment? Next;
    }
}
