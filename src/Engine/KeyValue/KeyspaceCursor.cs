namespace Cluster.Engine.KeyValue;

/// <summary>Walks records in key order, from a key on. Stands before its first record until <see cref="MoveNext"/>.</summary>
internal sealed class KeyspaceCursor
{
    /// <summary>Deeper than a tree of 2^31 keys can get: the way down doubles its keys at least at each level.</summary>
    private const int MaxDepth = 40;

    private readonly KeyspaceInner[] path = new KeyspaceInner[MaxDepth];
    private readonly int[] positions = new int[MaxDepth];
    private readonly int depth;
    private KeyspaceLeaf leaf;
    private int at;

    internal KeyspaceCursor(KeyspaceNode root, ReadOnlySpan<byte> from)
    {
        var node = root;
        while (node is KeyspaceInner inner)
        {
            path[depth] = inner;
            positions[depth] = inner.ChildOf(from);
            node = inner.Children[positions[depth++]];
        }

        leaf = (KeyspaceLeaf)node;
        var found = leaf.Find(from);
        at = (found >= 0 ? found : ~found) - 1;
    }

    public KvRecord Current => leaf.Records[at];

    public bool MoveNext()
    {
        at++;
        while (at >= leaf.Count)
        {
            if (!NextLeaf())
            {
                at = leaf.Count;
                return false;
            }
        }

        return true;
    }

    private bool NextLeaf()
    {
        var level = depth - 1;
        while (level >= 0 && positions[level] == path[level].Count - 1)
        {
            level--;
        }

        if (level < 0)
        {
            return false;
        }

        var node = path[level].Children[++positions[level]];
        while (node is KeyspaceInner inner)
        {
            level++;
            path[level] = inner;
            positions[level] = 0;
            node = inner.Children[0];
        }

        leaf = (KeyspaceLeaf)node;
        at = 0;
        return true;
    }
}
