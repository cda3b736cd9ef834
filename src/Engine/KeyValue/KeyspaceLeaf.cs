using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Cluster.Engine.KeyValue;

/// <summary>A leaf: up to 64 records in key order.</summary>
internal sealed class KeyspaceLeaf : KeyspaceNode
{
    private Slots slots;

    public KeyspaceLeaf(ulong epoch, int skip)
        : base(epoch, skip)
    {
    }

    public Span<KvRecord> Records => MemoryMarshal.CreateSpan(ref Unsafe.As<Slots, KvRecord>(ref slots), Capacity);

    protected override int KeyCount => Count;

    /// <summary>Where a key stands, or the complement of where it belongs.</summary>
    public int Find(ReadOnlySpan<byte> key)
    {
        var head = HeadOf(key, Skip);
        var low = CountLess(head, Count);
        var high = low;
        var heads = HeadSpan;
        while (high < Count && heads[high] == head)
        {
            high++;
        }

        var rest = key[Skip..];
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            var order = rest.SequenceCompareTo(Records[middle].Key.AsSpan(Skip));
            if (order == 0)
            {
                return middle;
            }

            (low, high) = order < 0 ? (low, middle) : (middle + 1, high);
        }

        return ~low;
    }

    public void Insert(int at, KvRecord record)
    {
        Records[at..Count].CopyTo(Records[(at + 1)..]);
        HeadSpan[at..Count].CopyTo(HeadSpan[(at + 1)..]);
        Records[at] = record;
        HeadSpan[at] = HeadOf(record.Key, Skip);
        Count++;
    }

    public void Remove(int at)
    {
        Records[(at + 1)..Count].CopyTo(Records[at..]);
        HeadSpan[(at + 1)..Count].CopyTo(HeadSpan[at..]);
        Count--;
        Records[Count] = null!;
    }

    /// <summary>Moves the records from <paramref name="at"/> on to a new leaf.</summary>
    public KeyspaceLeaf Split(int at, ulong epoch)
    {
        var right = new KeyspaceLeaf(epoch, Skip) { Count = Count - at };
        Records[at..Count].CopyTo(right.Records);
        HeadSpan[at..Count].CopyTo(right.HeadSpan);
        Records[at..Count].Clear();
        Count = at;
        return right;
    }

    /// <summary>Takes over the records of the leaf to the right.</summary>
    public void Merge(KeyspaceLeaf right)
    {
        // Both skips hold for their own bounds, so the smaller one holds for the bounds of both together.
        var skip = Math.Min(Skip, right.Skip);
        right.Records[..right.Count].CopyTo(Records[Count..]);
        Rebase(skip);
        for (var i = Count; i < Count + right.Count; i++)
        {
            HeadSpan[i] = HeadOf(Records[i].Key, skip);
        }

        Count += right.Count;
    }

    protected override byte[] KeyAt(int i) => Records[i].Key;

    [InlineArray(Capacity)]
    private struct Slots
    {
        private KvRecord first;
    }
}
