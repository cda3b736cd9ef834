using Cluster.Engine.Sharding;

namespace Cluster.Engine.KeyValue;

/// <summary>
/// All keys of one shard in unsigned byte order: a B+tree in memory whose snapshots cost nothing to take. While a snapshot lives, a change copies the nodes on
/// its way that the snapshot shares (some three, a kibibyte each), once; else it changes them in place.
/// </summary>
/// <remarks>One thread changes and reads it; any one thread at a time reads a snapshot.</remarks>
internal sealed partial class Keyspace
{
    /// <summary>Snapshots not disposed yet, by epoch. Only their tokens: a forgotten snapshot costs copies, not memory.</summary>
    private readonly List<KeyspaceSnapshot.Token> live = [];
    private KeyspaceNode root = new KeyspaceLeaf(epoch: 1, skip: 0);
    private ulong epoch = 1;

    /// <summary>Nodes of this epoch and before are shared with a live snapshot; 0 when there is none.</summary>
    private ulong sharedThrough;

    public int Count { get; private set; }

    /// <summary>Nodes copied because a snapshot shared them, since the start.</summary>
    public long CopiedNodes { get; private set; }

    public KvRecord? Find(ReadOnlySpan<byte> key)
    {
        var node = root;
        while (node is KeyspaceInner inner)
        {
            node = inner.Children[inner.ChildOf(key)];
        }

        var leaf = (KeyspaceLeaf)node;
        var at = leaf.Find(key);
        return at >= 0 ? leaf.Records[at] : null;
    }

    /// <summary>Some record, decided by a number: with random numbers each about as likely as any other. Null when there is none.</summary>
    public KvRecord? Pick(ulong random)
    {
        var node = root;
        while (node is KeyspaceInner inner)
        {
            node = inner.Children[(int)(random % (uint)inner.Count)];
            random = StateDigest.Join(random, 1);
        }

        var leaf = (KeyspaceLeaf)node;
        return leaf.Count == 0 ? null : leaf.Records[(int)(random % (uint)leaf.Count)];
    }

    /// <summary>Puts a record in its key's place.</summary>
    /// <returns>The record that stood there.</returns>
    public KvRecord? Set(KvRecord record)
    {
        Refresh();
        var previous = Insert(ref root, record, lower: null, upper: null, out var split);
        if (split.Right is not null)
        {
            root = new KeyspaceInner(epoch, root, split.Separator, split.Right);
        }

        Count += previous is null ? 1 : 0;
        return previous;
    }

    /// <summary>The keys as they are now, whatever becomes of this.</summary>
    public KeyspaceSnapshot TakeSnapshot()
    {
        var token = new KeyspaceSnapshot.Token(epoch);
        live.Add(token);
        sharedThrough = epoch++;
        return new KeyspaceSnapshot(root, Count, token);
    }

    /// <summary>The records with keys from <paramref name="from"/> on. Valid until the next change.</summary>
    public KeyspaceCursor Seek(ReadOnlySpan<byte> from) => new(root, from);

    private KvRecord? Insert(ref KeyspaceNode slot, KvRecord record, byte[]? lower, byte[]? upper, out Split split)
    {
        Own(ref slot);
        if (slot is KeyspaceLeaf leaf)
        {
            return InsertInLeaf(leaf, record, lower, upper, out split);
        }

        var inner = (KeyspaceInner)slot;
        var i = inner.ChildOf(record.Key);
        var previous = Insert(ref inner.Children[i], record, inner.LowerOf(i, lower), inner.UpperOf(i, upper), out split);
        if (split.Right is null)
        {
            return previous;
        }

        if (inner.Count < KeyspaceNode.Capacity)
        {
            inner.InsertAfter(i, split.Separator, split.Right);
            split = default;
            return previous;
        }

        split = SplitInner(inner, i, split, lower, upper);
        return previous;
    }

    private KvRecord? InsertInLeaf(KeyspaceLeaf leaf, KvRecord record, byte[]? lower, byte[]? upper, out Split split)
    {
        split = default;
        var at = leaf.Find(record.Key);
        if (at >= 0)
        {
            var previous = leaf.Records[at];
            leaf.Records[at] = record;
            return previous;
        }

        at = ~at;
        if (leaf.Count == KeyspaceNode.Capacity)
        {
            split = SplitLeaf(leaf, at, record, lower, upper);
        }
        else
        {
            leaf.Insert(at, record);
        }

        return null;
    }

    private Split SplitLeaf(KeyspaceLeaf leaf, int at, KvRecord record, byte[]? lower, byte[]? upper)
    {
        // Keys that come in order always meet the last leaf at its end: leaving it full makes them pack twice as well.
        var middle = upper is null && at == leaf.Count ? leaf.Count : leaf.Count / 2;
        var right = leaf.Split(middle, epoch);
        if (at < middle)
        {
            leaf.Insert(at, record);
        }
        else
        {
            right.Insert(at - middle, record);
        }

        var separator = Shortest(leaf.Records[leaf.Count - 1].Key, right.Records[0].Key);
        leaf.Rebase(KeyspaceNode.Shared(lower, separator));
        right.Rebase(KeyspaceNode.Shared(separator, upper));
        return new Split(separator, right);
    }

    private Split SplitInner(KeyspaceInner inner, int child, Split below, byte[]? lower, byte[]? upper)
    {
        var middle = upper is null && child == inner.Count - 1 ? inner.Count - 1 : inner.Count / 2;
        var right = inner.Split(middle, epoch, out var separator);
        if (child < middle)
        {
            inner.InsertAfter(child, below.Separator, below.Right!);
        }
        else
        {
            right.InsertAfter(child - middle, below.Separator, below.Right!);
        }

        inner.Rebase(KeyspaceNode.Shared(lower, separator));
        right.Rebase(KeyspaceNode.Shared(separator, upper));
        return new Split(separator, right);
    }

    /// <summary>The shortest key that is greater than <paramref name="left"/> and not greater than <paramref name="right"/>.</summary>
    private static byte[] Shortest(byte[] left, byte[] right)
    {
        var length = left.AsSpan().CommonPrefixLength(right) + 1;
        return length >= right.Length ? right : right[..length];
    }

    /// <summary>Makes a node free to be changed: copies it if a live snapshot shares it.</summary>
    private void Own(ref KeyspaceNode slot)
    {
        if (slot.Epoch <= sharedThrough)
        {
            slot = slot.Clone(epoch);
            CopiedNodes++;
        }
    }

    /// <summary>Sees which snapshots have been disposed, on whatever thread.</summary>
    private void Refresh()
    {
        while (live.Count > 0 && live[^1].Released)
        {
            live.RemoveAt(live.Count - 1);
            sharedThrough = live.Count == 0 ? 0 : live[^1].Epoch;
        }
    }

    private readonly record struct Split(byte[] Separator, KeyspaceNode? Right);
}
