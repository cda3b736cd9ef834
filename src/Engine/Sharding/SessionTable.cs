using Google.Protobuf;

namespace Cluster.Engine.Sharding;

/// <summary>
/// A shard's memory of requests (Ongaro's thesis 6.3): a request repeated under the same session and sequence takes effect once and gets the same reply.
/// Pure and part of the replicated state: what is remembered, and forgotten, follows from the log alone.
/// </summary>
/// <remarks>
/// A caller may rely on this: a reply is kept until the caller acknowledges it, unless (a) <see cref="SessionOptions.MaxSessions"/> other sessions have
/// written to the shard since, or their replies have filled <see cref="SessionOptions.MaxTotalReplyBytes"/>: then the session is forgotten, and a repeat would
/// take effect again; or (b) <see cref="SessionOptions.MaxRepliesPerSession"/> later replies of the same session are kept: then a repeat is refused.
/// Sequences start at 1 and may come with gaps and out of order.
/// </remarks>
internal sealed partial class SessionTable
{
    private const int None = -1;

    /// <summary>What a session costs besides its replies' bytes: its slot, its index entry, a reply object.</summary>
    private const int SlotBytes = 160;

    private readonly SessionOptions options;
    private readonly Dictionary<ulong, int> bySession = [];
    private readonly Dictionary<(ulong Session, ulong Sequence), ulong> underWay = [];
    private Slot[] slots = new Slot[16];
    private int used;
    private int free = None;
    private int oldest = None;
    private int newest = None;
    private ulong epoch = 1;
    private long replyBytes;
    private ulong hash;

    public SessionTable(SessionOptions options) => this.options = options.Validated();

    /// <summary>Remembered sessions.</summary>
    public int Count => bySession.Count;

    public long StateBytes => replyBytes + ((long)Count * SlotBytes);

    /// <summary>Sum over what is remembered: equal on replicas that applied the same log.</summary>
    public ulong StateHash => hash;

    /// <summary>What is known of a request.</summary>
    /// <param name="reply">The reply, if <see cref="SessionLookup.Done"/>.</param>
    /// <param name="index">Where it stands in the log, if <see cref="SessionLookup.UnderWay"/>.</param>
    public SessionLookup Lookup(ulong session, ulong sequence, out ByteString? reply, out ulong index)
    {
        reply = null;
        if (underWay.TryGetValue((session, sequence), out index))
        {
            return SessionLookup.UnderWay;
        }

        if (!bySession.TryGetValue(session, out var at))
        {
            return SessionLookup.NotSeen;
        }

        ref var slot = ref slots[at];
        if (sequence < slot.Floor)
        {
            return SessionLookup.TooOld;
        }

        if (!slot.TryFind(sequence, out reply))
        {
            return SessionLookup.NotSeen;
        }

        return reply is null ? SessionLookup.DoneReplyDropped : SessionLookup.Done;
    }

    /// <summary>The leader has proposed a request's entry: a repeat waits for it.</summary>
    public void Proposed(ulong index, ulong session, ulong sequence) => underWay[(session, sequence)] = index;

    /// <summary>Leadership is lost: what was under way is decided by the log alone.</summary>
    public void DropProposed() => underWay.Clear();

    /// <summary>An applied entry's reply.</summary>
    /// <param name="index">The entry's, greater than any before.</param>
    /// <param name="acknowledgedBelow">The caller has the replies of all smaller sequences: they are forgotten.</param>
    /// <exception cref="InvalidDataException">The request has been applied before: the log was not decided by this table's rules.</exception>
    public void Remember(ulong index, ulong session, ulong sequence, ulong acknowledgedBelow, ByteString reply)
    {
        underWay.Remove((session, sequence));
        var at = Touch(session);
        ref var slot = ref slots[at];
        hash -= slot.Digest();
        slot.LastIndex = index;
        Forget(ref slot, acknowledgedBelow);
        if (sequence >= slot.Floor)
        {
            Add(ref slot, sequence, reply.Length <= options.MaxReplyBytes ? reply : null);
        }

        hash += slot.Digest();
        while (replyBytes > options.MaxTotalReplyBytes && oldest != at)
        {
            EvictOldest();
        }
    }

    /// <summary>Adds a reply that is not there yet; past the bound the session's smallest sequences are forgotten, and refused from then on.</summary>
    private void Add(ref Slot slot, ulong sequence, ByteString? reply)
    {
        if (slot.TryFind(sequence, out _))
        {
            throw new InvalidDataException($"Entry {slot.LastIndex} applies sequence {sequence} of session {slot.Session:x} a second time");
        }

        hash += Slot.Digest(slot.Session, sequence, reply);
        replyBytes += reply?.Length ?? 0;
        if (slot.More is null && slot.Sequence == 0)
        {
            slot.Sequence = sequence;
            slot.Reply = reply;
            return;
        }

        var more = OwnMore(ref slot);
        more.Insert(~more.Find(sequence), sequence, reply);
        while (more.Count > options.MaxRepliesPerSession)
        {
            Forget(ref slot, more.SequenceAt(0) + 1);
        }
    }

    /// <summary>Forgets all smaller sequences and refuses them from now on.</summary>
    private void Forget(ref Slot slot, ulong below)
    {
        if (below <= slot.Floor)
        {
            return;
        }

        slot.Floor = below;
        if (slot.More is null)
        {
            if (slot.Sequence != 0 && slot.Sequence < below)
            {
                Uncount(slot.Session, slot.Sequence, slot.Reply);
                slot.Sequence = 0;
                slot.Reply = null;
            }

            return;
        }

        if (slot.More.Count == 0 || slot.More.SequenceAt(0) >= below)
        {
            return;
        }

        var more = OwnMore(ref slot);
        while (more.Count > 0 && more.SequenceAt(0) < below)
        {
            Uncount(slot.Session, more.SequenceAt(0), more.ReplyAt(0));
            more.RemoveFirst();
        }
    }

    private void Uncount(ulong session, ulong sequence, ByteString? reply)
    {
        hash -= Slot.Digest(session, sequence, reply);
        replyBytes -= reply?.Length ?? 0;
    }

    /// <summary>The session's list of replies, free to be changed: made from its single one, or cloned if a snapshot shares it.</summary>
    private SessionReplies OwnMore(ref Slot slot)
    {
        if (slot.More is null)
        {
            slot.More = new SessionReplies(epoch);
            if (slot.Sequence != 0)
            {
                slot.More.Insert(0, slot.Sequence, slot.Reply);
            }

            slot.Sequence = 0;
            slot.Reply = null;
        }
        else if (slot.More.Epoch != epoch)
        {
            slot.More = slot.More.Clone(epoch);
        }

        return slot.More;
    }
}
