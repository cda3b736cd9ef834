using Google.Protobuf;

namespace Cluster.Engine.Sharding;

/// <summary>
/// The kept replies of one session that has several under way: ordered by sequence, cheap at both ends, where a pipelining caller adds and acknowledges.
/// Changed in place only by the table whose epoch it carries; a snapshot that shares it makes the table clone it first.
/// </summary>
internal sealed class SessionReplies
{
    private ulong[] sequences;
    private ByteString?[] replies;
    private int start;

    public SessionReplies(ulong epoch)
    {
        Epoch = epoch;
        sequences = new ulong[4];
        replies = new ByteString?[4];
    }

    private SessionReplies(SessionReplies other, ulong epoch)
    {
        Epoch = epoch;
        Count = other.Count;
        sequences = new ulong[Math.Max(4, other.Count + 1)];
        replies = new ByteString?[sequences.Length];
        Array.Copy(other.sequences, other.start, sequences, 0, Count);
        Array.Copy(other.replies, other.start, replies, 0, Count);
    }

    public ulong Epoch { get; }

    public int Count { get; private set; }

    public ulong SequenceAt(int i) => sequences[start + i];

    /// <summary>Null where the reply was too long to be kept.</summary>
    public ByteString? ReplyAt(int i) => replies[start + i];

    public SessionReplies Clone(ulong epoch) => new(this, epoch);

    /// <summary>Where a sequence stands, or the complement of where it belongs.</summary>
    public int Find(ulong sequence)
    {
        var found = Array.BinarySearch(sequences, start, Count, sequence);
        return found >= 0 ? found - start : ~(~found - start);
    }

    public void Insert(int at, ulong sequence, ByteString? reply)
    {
        MakeRoom();
        Array.Copy(sequences, start + at, sequences, start + at + 1, Count - at);
        Array.Copy(replies, start + at, replies, start + at + 1, Count - at);
        sequences[start + at] = sequence;
        replies[start + at] = reply;
        Count++;
    }

    public void RemoveFirst()
    {
        replies[start++] = null;
        Count--;
    }

    private void MakeRoom()
    {
        if (start + Count < sequences.Length)
        {
            return;
        }

        var (oldSequences, oldReplies) = (sequences, replies);
        // Half empty at the front: moving down costs no more than the removals that emptied it.
        if (start < sequences.Length / 2)
        {
            sequences = new ulong[oldSequences.Length * 2];
            replies = new ByteString?[oldReplies.Length * 2];
        }

        Array.Copy(oldSequences, start, sequences, 0, Count);
        Array.Copy(oldReplies, start, replies, 0, Count);
        if (ReferenceEquals(oldReplies, replies))
        {
            Array.Clear(replies, Count, replies.Length - Count);
        }

        start = 0;
    }
}
