namespace Cluster.Engine.KeyValue;

/// <summary>Removal: a node that falls under a quarter is merged with a neighbour where both fit in three quarters of one.</summary>
internal sealed partial class Keyspace
{
    private const int FewestWanted = KeyspaceNode.Capacity / 4;

    /// <summary>Below full, so that a merged node does not split at the next insert.</summary>
    private const int MostMerged = KeyspaceNode.Capacity * 3 / 4;

    /// <returns>The record that stood there; null if there was none.</returns>
    public KvRecord? Remove(ReadOnlySpan<byte> key)
    {
        Refresh();
        // Looked for first: a miss must not copy shared nodes.
        if (sharedThrough != 0 && Find(key) is null)
        {
            return null;
        }

        var removed = Remove(ref root, key);
        while (root is KeyspaceInner { Count: 1 } inner)
        {
            root = inner.Children[0];
            Own(ref root);
            root.Rebase(0);
        }

        Count -= removed is null ? 0 : 1;
        return removed;
    }

    private KvRecord? Remove(ref KeyspaceNode slot, ReadOnlySpan<byte> key)
    {
        Own(ref slot);
        if (slot is KeyspaceLeaf leaf)
        {
            var at = leaf.Find(key);
            if (at < 0)
            {
                return null;
            }

            var found = leaf.Records[at];
            leaf.Remove(at);
            return found;
        }

        var inner = (KeyspaceInner)slot;
        var i = inner.ChildOf(key);
        var removed = Remove(ref inner.Children[i], key);
        if (removed is not null && inner.Children[i].Count < FewestWanted && inner.Count > 1)
        {
            MergeAround(inner, i);
        }

        return removed;
    }

    /// <summary>Merges child i with the neighbour it fits with, if any; a node left with one child or none takes any that holds both.</summary>
    private void MergeAround(KeyspaceInner parent, int i)
    {
        var count = parent.Children[i].Count;
        var most = count <= 1 ? KeyspaceNode.Capacity : MostMerged;
        if (i > 0 && parent.Children[i - 1].Count + count <= most)
        {
            MergeWithNext(parent, i - 1);
        }
        else if (i < parent.Count - 1 && parent.Children[i + 1].Count + count <= most)
        {
            MergeWithNext(parent, i);
        }
    }

    private void MergeWithNext(KeyspaceInner parent, int left)
    {
        Own(ref parent.Children[left]);
        var right = parent.Children[left + 1];
        if (parent.Children[left] is KeyspaceLeaf leaf)
        {
            leaf.Merge((KeyspaceLeaf)right);
        }
        else
        {
            ((KeyspaceInner)parent.Children[left]).Merge(parent.Separators[left], (KeyspaceInner)right);
        }

        parent.RemoveMerged(left + 1);
    }
}
