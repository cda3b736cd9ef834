namespace Cluster.Modes.Quorum;

/// <summary>A replica's trees: one for each other member, over the keys of which both are to have a copy. So two replicas compare what they share and nothing else.</summary>
internal sealed class MerkleForest(string self)
{
    private readonly Dictionary<string, MerkleTree> trees = new(StringComparer.Ordinal);
    private readonly Dictionary<int, SortedSet<string>> leaves = [];
    private HashRing ring = new([]);

    /// <summary>The members have changed: every key may have other copies.</summary>
    public void Place(HashRing placed, IReadOnlyDictionary<string, KeyState> keys)
    {
        ring = placed;
        trees.Clear();
        leaves.Clear();
        foreach (var (key, state) in keys)
        {
            Change(key, KeyState.None, state);
        }
    }

    public void Change(string key, KeyState before, KeyState after)
    {
        var leaf = MerkleTree.LeafOf(key);
        if (!leaves.TryGetValue(leaf, out var keys))
        {
            leaves.Add(leaf, keys = new SortedSet<string>(StringComparer.Ordinal));
        }

        _ = after.Equals(KeyState.None) ? keys.Remove(key) : keys.Add(key);
        var preferred = ring.Preferred(key);
        if (!preferred.Contains(self))
        {
            return; // Its place is elsewhere: it will be handed over.
        }

        var (old, now) = (StateDigest.Of(key, before), StateDigest.Of(key, after));
        foreach (var peer in preferred.Where(node => node != self))
        {
            With(peer).Change(leaf, old, now);
        }
    }

    /// <summary>The tree of the keys that are shared with that member.</summary>
    public MerkleTree With(string peer)
    {
        if (!trees.TryGetValue(peer, out var tree))
        {
            trees.Add(peer, tree = new MerkleTree());
        }

        return tree;
    }

    /// <summary>The keys of a leaf that are shared with that member, in order.</summary>
    public IEnumerable<string> Keys(string peer, int leaf) =>
        leaves.TryGetValue(leaf, out var keys) ? keys.Where(key => ring.Preferred(key) is var preferred && preferred.Contains(self) && preferred.Contains(peer)) : [];
}
