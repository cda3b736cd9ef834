using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Cluster.Engine.KeyValue;

/// <summary>
/// An inner node: up to 64 children and the separators between them. A separator is greater than every key to its left and not greater than any to its right,
/// and as short as that allows.
/// </summary>
internal sealed class KeyspaceInner : KeyspaceNode
{
    private Nodes nodes;
    private Keys keys;

    public KeyspaceInner(ulong epoch, int skip)
        : base(epoch, skip)
    {
    }

    public KeyspaceInner(ulong epoch, KeyspaceNode left, byte[] separator, KeyspaceNode right)
        : this(epoch, skip: 0)
    {
        Count = 1;
        Children[0] = left;
        InsertAfter(0, separator, right);
    }

    public Span<KeyspaceNode> Children => MemoryMarshal.CreateSpan(ref Unsafe.As<Nodes, KeyspaceNode>(ref nodes), Capacity);

    /// <summary>Separator i stands between children i and i + 1.</summary>
    public Span<byte[]> Separators => MemoryMarshal.CreateSpan(ref Unsafe.As<Keys, byte[]>(ref keys), Capacity);

    protected override int KeyCount => Math.Max(0, Count - 1);

    /// <summary>The child that a key belongs to.</summary>
    public int ChildOf(ReadOnlySpan<byte> key)
    {
        var head = HeadOf(key, Skip);
        var low = CountLess(head, KeyCount);
        var high = low;
        var heads = HeadSpan;
        while (high < KeyCount && heads[high] == head)
        {
            high++;
        }

        var rest = key[Skip..];
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (rest.SequenceCompareTo(Separators[middle].AsSpan(Skip)) < 0)
            {
                high = middle;
            }
            else
            {
                low = middle + 1;
            }
        }

        return low;
    }

    /// <summary>The lowest key that can be routed to child i: a separator, or the node's own bound.</summary>
    public byte[]? LowerOf(int i, byte[]? lower) => i == 0 ? lower : Separators[i - 1];

    /// <summary>The key that is above all that can be routed to child i: a separator, or the node's own bound.</summary>
    public byte[]? UpperOf(int i, byte[]? upper) => i == Count - 1 ? upper : Separators[i];

    /// <summary>A child has split: its right half goes in behind it.</summary>
    public void InsertAfter(int child, byte[] separator, KeyspaceNode right)
    {
        Children[(child + 1)..Count].CopyTo(Children[(child + 2)..]);
        Separators[child..KeyCount].CopyTo(Separators[(child + 1)..]);
        HeadSpan[child..KeyCount].CopyTo(HeadSpan[(child + 1)..]);
        Children[child + 1] = right;
        Separators[child] = separator;
        HeadSpan[child] = HeadOf(separator, Skip);
        Count++;
    }

    /// <summary>A child has been merged into the one to its left: it goes, and the separator between the two.</summary>
    public void RemoveMerged(int child)
    {
        Children[(child + 1)..Count].CopyTo(Children[child..]);
        Separators[child..KeyCount].CopyTo(Separators[(child - 1)..]);
        HeadSpan[child..KeyCount].CopyTo(HeadSpan[(child - 1)..]);
        Count--;
        Children[Count] = null!;
        Separators[KeyCount] = null!;
    }

    /// <summary>Moves the children from <paramref name="at"/> on to a new node.</summary>
    /// <param name="separator">What stood between the two halves: it belongs to the parent.</param>
    public KeyspaceInner Split(int at, ulong epoch, out byte[] separator)
    {
        var right = new KeyspaceInner(epoch, Skip) { Count = Count - at };
        separator = Separators[at - 1];
        Children[at..Count].CopyTo(right.Children);
        Separators[at..KeyCount].CopyTo(right.Separators);
        HeadSpan[at..KeyCount].CopyTo(right.HeadSpan);
        Children[at..Count].Clear();
        Separators[(at - 1)..KeyCount].Clear();
        Count = at;
        return right;
    }

    /// <summary>Takes over the children of the node to the right; <paramref name="separator"/> stood between the two.</summary>
    public void Merge(byte[] separator, KeyspaceInner right)
    {
        var skip = Math.Min(Skip, right.Skip);
        Separators[Count - 1] = separator;
        right.Children[..right.Count].CopyTo(Children[Count..]);
        right.Separators[..right.KeyCount].CopyTo(Separators[Count..]);
        Rebase(skip);
        for (var i = Count - 1; i < Count + right.Count - 1; i++)
        {
            HeadSpan[i] = HeadOf(Separators[i], skip);
        }

        Count += right.Count;
    }

    protected override byte[] KeyAt(int i) => Separators[i];

    [InlineArray(Capacity)]
    private struct Nodes
    {
        private KeyspaceNode first;
    }

    [InlineArray(Capacity)]
    private struct Keys
    {
        private byte[] first;
    }
}
