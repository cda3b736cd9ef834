using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Cluster.Engine.KeyValue;

/// <summary>
/// A node of the <see cref="Keyspace"/>. All keys that can ever be routed to a node share their first <see cref="Skip"/> bytes, and for each of its keys the node
/// holds the next eight as one number, its head: a search compares heads that lie side by side, and looks at a key itself only where heads are equal.
/// (Prefix B-trees: Bayer and Unterauer 1977; heads: Graefe and Larson 2001.)
/// </summary>
internal abstract class KeyspaceNode
{
    /// <summary>Most records of a leaf and children of an inner node: heads and references of a node then fill a kibibyte, which is what a copy costs.</summary>
    public const int Capacity = 64;

    private Heads heads;

    protected KeyspaceNode(ulong epoch, int skip)
    {
        Epoch = epoch;
        Skip = skip;
    }

    /// <summary>When the node was made or copied: snapshots taken since share it.</summary>
    public ulong Epoch { get; private set; }

    /// <summary>Records of a leaf, children of an inner node.</summary>
    public int Count { get; protected set; }

    /// <summary>Bytes that all keys between the node's bounds share.</summary>
    public int Skip { get; private set; }

    /// <summary>A copy that belongs to <paramref name="epoch"/>.</summary>
    public KeyspaceNode Clone(ulong epoch)
    {
        var clone = (KeyspaceNode)MemberwiseClone();
        clone.Epoch = epoch;
        return clone;
    }

    /// <summary>The bounds have changed: takes another skip and computes the heads anew.</summary>
    public void Rebase(int skip)
    {
        if (skip == Skip)
        {
            return;
        }

        Skip = skip;
        for (var i = 0; i < KeyCount; i++)
        {
            heads[i] = HeadOf(KeyAt(i), skip);
        }
    }

    /// <summary>Length of what two keys share at their start; 0 if one is missing (a node at the edge of the tree has no bound there).</summary>
    public static int Shared(byte[]? lower, byte[]? upper) => lower is null || upper is null ? 0 : lower.AsSpan().CommonPrefixLength(upper);

    /// <summary>Keys in the node: of records in a leaf, between children in an inner node.</summary>
    protected abstract int KeyCount { get; }

    protected abstract byte[] KeyAt(int i);

    protected Span<ulong> HeadSpan => MemoryMarshal.CreateSpan(ref Unsafe.As<Heads, ulong>(ref heads), Capacity);

    protected static ulong HeadOf(ReadOnlySpan<byte> key, int skip)
    {
        if (key.Length >= skip + sizeof(ulong))
        {
            return BinaryPrimitives.ReadUInt64BigEndian(key[skip..]);
        }

        var head = 0UL;
        for (var i = skip; i < key.Length; i++)
        {
            head |= (ulong)key[i] << (56 - ((i - skip) * 8));
        }

        return head;
    }

    /// <summary>How many of the first <paramref name="count"/> heads are less than <paramref name="head"/>. Without branches on data: a search takes as long wherever it ends.</summary>
    protected int CountLess(ulong head, int count)
    {
        if (count == 0)
        {
            return 0;
        }

        ref var first = ref Unsafe.As<Heads, ulong>(ref heads);
        var at = 0;
        while (count > 1)
        {
            var half = count >> 1;
            at += Unsafe.Add(ref first, at + half - 1) < head ? half : 0;
            count -= half;
        }

        return at + (Unsafe.Add(ref first, at) < head ? 1 : 0);
    }

    [InlineArray(Capacity)]
    private struct Heads
    {
        private ulong first;
    }
}
