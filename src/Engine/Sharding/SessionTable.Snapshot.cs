using Google.Protobuf;

namespace Cluster.Engine.Sharding;

/// <summary>Snapshots: sessions from the longest unused on, each with its floor and its kept replies.</summary>
internal sealed partial class SessionTable
{
    /// <summary>The table as it is now. Copies the slots (at most <see cref="SessionOptions.MaxSessions"/>, some 60 bytes each), shares the replies.</summary>
    public SessionTableSnapshot TakeSnapshot()
    {
        // From here on no list of replies is this epoch's own: the first change of each clones it.
        epoch++;
        return new SessionTableSnapshot(slots.AsSpan(0, used).ToArray(), oldest, Count);
    }

    /// <exception cref="InvalidDataException">Not a snapshot of such a table.</exception>
    public void Restore(Stream stream)
    {
        Clear();
        using var reader = new BinaryReader(stream, System.Text.Encoding.UTF8, leaveOpen: true);
        var count = reader.Read7BitEncodedInt();
        SnapshotFormat.Require(count >= 0 && count <= options.MaxSessions, "sessions", count);
        for (var i = 0; i < count; i++)
        {
            RestoreSession(reader);
        }
    }

    private void RestoreSession(BinaryReader reader)
    {
        var session = reader.ReadUInt64();
        SnapshotFormat.Require(!bySession.ContainsKey(session), "a session given twice", (long)session);
        // Apart from the next line: a new slot may move the array.
        var at = Touch(session);
        ref var slot = ref slots[at];
        hash -= slot.Digest();
        slot.LastIndex = (ulong)reader.Read7BitEncodedInt64();
        slot.Floor = (ulong)reader.Read7BitEncodedInt64();
        var replies = reader.Read7BitEncodedInt();
        SnapshotFormat.Require(replies >= 0 && replies <= options.MaxRepliesPerSession, "replies of a session", replies);
        for (var i = 0; i < replies; i++)
        {
            var sequence = (ulong)reader.Read7BitEncodedInt64();
            Add(ref slot, sequence, ReadReply(reader));
        }

        hash += slot.Digest();
    }

    private ByteString? ReadReply(BinaryReader reader)
    {
        // Lengths are written one up: 0 is a reply too long to be kept.
        var length = reader.Read7BitEncodedInt() - 1;
        SnapshotFormat.Require(length >= -1 && length <= options.MaxReplyBytes, "bytes of a reply", length);
        return length < 0 ? null : UnsafeByteOperations.UnsafeWrap(SnapshotFormat.ReadExactly(reader, length));
    }

    private void Clear()
    {
        bySession.Clear();
        underWay.Clear();
        slots = new Slot[16];
        used = 0;
        (free, oldest, newest) = (None, None, None);
        replyBytes = 0;
        hash = 0;
    }

    /// <summary>The table at one moment; may be written by another thread.</summary>
    internal sealed class SessionTableSnapshot
    {
        private readonly Slot[] slots;
        private readonly int oldest;
        private readonly int count;

        internal SessionTableSnapshot(Slot[] slots, int oldest, int count)
        {
            this.slots = slots;
            this.oldest = oldest;
            this.count = count;
        }

        public void WriteTo(Stream stream)
        {
            using var writer = new BinaryWriter(stream, System.Text.Encoding.UTF8, leaveOpen: true);
            writer.Write7BitEncodedInt(count);
            for (var at = oldest; at != None; at = slots[at].Newer)
            {
                ref var slot = ref slots[at];
                writer.Write(slot.Session);
                writer.Write7BitEncodedInt64((long)slot.LastIndex);
                writer.Write7BitEncodedInt64((long)slot.Floor);
                writer.Write7BitEncodedInt(slot.ReplyCount);
                for (var i = 0; i < slot.ReplyCount; i++)
                {
                    var reply = slot.ReplyAt(i);
                    writer.Write7BitEncodedInt64((long)slot.SequenceAt(i));
                    writer.Write7BitEncodedInt(reply is null ? 0 : reply.Length + 1);
                    writer.Write(reply is null ? default : reply.Span);
                }
            }
        }
    }
}
