using System.Diagnostics;
using Cluster.Shared.Wire;

namespace Cluster.Engine.Consensus;

/// <summary>
/// The entries since the last compaction, in a ring: any index in O(1), append and drop at either end in O(1) an entry, bytes counted.
/// Knows index and term of the entry just before its first, so that every held entry has a predecessor to compare.
/// </summary>
internal sealed class RaftLog(LogIndex baseIndex, Term baseTerm)
{
    /// <summary>What an entry costs in memory besides its data: object headers, fields, its slot.</summary>
    public const int EntryOverheadBytes = 96;

    private const int SmallestRing = 64;

    private Entry?[] ring = new Entry?[SmallestRing];
    private int head;
    private int count;

    /// <summary>The entry before the first held: compacted, or zero.</summary>
    public LogIndex BaseIndex { get; private set; } = baseIndex;

    public Term BaseTerm { get; private set; } = baseTerm;

    public LogIndex FirstIndex => BaseIndex.Next;

    public LogIndex LastIndex => new(BaseIndex.Value + (ulong)count);

    public Term LastTerm => count == 0 ? BaseTerm : new Term(At(count - 1).Term);

    /// <summary>Of the entries held, with their overhead.</summary>
    public long Bytes { get; private set; }

    public Entry this[LogIndex index]
    {
        get
        {
            Debug.Assert(index > BaseIndex && index <= LastIndex, "entry is held");
            return At((int)(index.Value - BaseIndex.Value - 1));
        }
    }

    public static int SizeOf(Entry entry) => entry.Data.Length + EntryOverheadBytes;

    /// <summary>False when that entry is compacted away, or not there yet.</summary>
    public bool TryTermAt(LogIndex index, out Term term)
    {
        term = index == BaseIndex ? BaseTerm : Term.Zero;
        if (index > BaseIndex && index <= LastIndex)
        {
            term = new Term(this[index].Term);
            return true;
        }

        return index == BaseIndex;
    }

    public void Append(Entry entry)
    {
        if (entry.Index != LastIndex.Value + 1 || entry.Term < LastTerm.Value)
        {
            throw new InvariantViolated("log grows in order", $"entry {entry.Index} of term {entry.Term} after {LastIndex} of term {LastTerm}");
        }

        if (count == ring.Length)
        {
            Resize(ring.Length * 2);
        }

        ring[(head + count) & (ring.Length - 1)] = entry;
        count++;
        Bytes += SizeOf(entry);
    }

    /// <summary>Drops that entry and all after it.</summary>
    public void TruncateFrom(LogIndex index)
    {
        while (LastIndex >= index && count > 0)
        {
            ref var slot = ref ring[(head + count - 1) & (ring.Length - 1)];
            Bytes -= SizeOf(slot!);
            slot = null;
            count--;
        }
    }

    /// <summary>Drops the first entry, which becomes the base.</summary>
    public void DropFirst()
    {
        ref var slot = ref ring[head];
        Bytes -= SizeOf(slot!);
        (BaseIndex, BaseTerm) = (BaseIndex.Next, new Term(slot!.Term));
        slot = null;
        head = (head + 1) & (ring.Length - 1);
        count--;
        if (count < ring.Length / 8 && ring.Length > SmallestRing)
        {
            Resize(ring.Length / 2);
        }
    }

    /// <summary>Forgets every entry and begins after another base.</summary>
    public void Reset(LogIndex index, Term term)
    {
        ring = new Entry?[SmallestRing];
        (head, count, Bytes) = (0, 0, 0);
        (BaseIndex, BaseTerm) = (index, term);
    }

    /// <summary>The last index, at <paramref name="from"/> or before, whose term is not past <paramref name="term"/>; the base when none is.
    /// Terms never fall along a log, so half of it is ruled out at each look.</summary>
    public LogIndex LastNotPast(Term term, LogIndex from)
    {
        var low = BaseIndex.Value;
        var high = Math.Max(low, Math.Min(from.Value, LastIndex.Value));
        while (low < high)
        {
            var middle = high - ((high - low) / 2);
            if (this[new LogIndex(middle)].Term <= term.Value)
            {
                low = middle;
            }
            else
            {
                high = middle - 1;
            }
        }

        return new LogIndex(low);
    }

    private Entry At(int offset) => ring[(head + offset) & (ring.Length - 1)]!;

    private void Resize(int capacity)
    {
        var larger = new Entry?[capacity];
        for (var i = 0; i < count; i++)
        {
            larger[i] = At(i);
        }

        (ring, head) = (larger, 0);
    }
}
