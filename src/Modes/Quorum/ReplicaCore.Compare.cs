namespace Cluster.Modes.Quorum;

/// <content>
/// Anti-entropy (Dynamo, section 4.7): two replicas compare their trees level by level, so that they send hashes in proportion to what differs, and then bring each other what the other has not.
/// What comes from a node that takes others for members is left alone: its tree is over other keys.
/// </content>
internal sealed partial class ReplicaCore
{
    /// <summary>Nodes of a level that are followed down at once: what differs beyond them is found in the next round.</summary>
    private const int MostFollowed = 64;

    /// <summary>When this node last ended a comparison; null: never.</summary>
    public TimeSpan? Compared { get; private set; }

    /// <summary>Keys that differed then.</summary>
    public int Difference { get; private set; }

    /// <summary>Whether the comparison goes down to every child. False only in a broken variant: every second one is passed over.</summary>
    public bool FollowsEveryChild { get; init; } = true;

    /// <summary>Begins a comparison; null where there is nobody to compare with.</summary>
    public CompareTrees? BeginComparison(string peer) =>
        ring.Members.Contains(peer) && peer != self ? new CompareTrees(self, ring.Id, 0, [new TreeHash(0, trees.With(peer).Hash(0, 0))]) : null;

    /// <returns>The answer: the next level, the keys of leaves that differ, or a comparison without hashes, which says that there is no difference. Null: none.</returns>
    public object? Compare(CompareTrees other, TimeSpan now)
    {
        if (!IsOfThisRing(other.From, other.Ring))
        {
            return null;
        }

        var tree = trees.With(other.From);
        var differing = other.Hashes.Where(hash => MerkleTree.Exists(other.Level, hash.Index) && tree.Hash(other.Level, hash.Index) != hash.Hash)
            .Select(hash => hash.Index).Distinct().Take(MostFollowed).ToList();
        if (differing.Count == 0)
        {
            (Compared, Difference) = (now, 0);
            return other.Hashes.Count == 0 ? null : new CompareTrees(self, ring.Id, 0, []);
        }

        if (other.Level < MerkleTree.LeafLevel)
        {
            return new CompareTrees(self, ring.Id, other.Level + 1, [.. differing.SelectMany(Followed).Select(child => new TreeHash(child, tree.Hash(other.Level + 1, child)))]);
        }

        var (leaves, digests) = (new List<int>(), new List<KeyDigest>());
        foreach (var leaf in differing)
        {
            leaves.Add(leaf);
            digests.AddRange(Digests(other.From, leaf));
            if (digests.Count >= QuorumBounds.BatchKeys)
            {
                break;
            }
        }

        return new CompareKeys(self, ring.Id, leaves, digests);
    }

    /// <returns>What the other has not, or otherwise, and what is wanted of it. Null: nothing.</returns>
    public RepairKeys? Compare(CompareKeys other, TimeSpan now)
    {
        if (!IsOfThisRing(other.From, other.Ring))
        {
            return null;
        }

        var theirs = other.Keys.DistinctBy(digest => digest.Key, StringComparer.Ordinal).ToDictionary(digest => digest.Key, digest => digest.Digest, StringComparer.Ordinal);
        var mine = other.Leaves.Where(leaf => MerkleTree.Exists(MerkleTree.LeafLevel, leaf)).Distinct().SelectMany(leaf => Digests(other.From, leaf)).ToList();
        var given = mine.Where(digest => theirs.GetValueOrDefault(digest.Key) != digest.Digest).Select(digest => digest.Key).ToList();
        var wanted = theirs.Where(digest => StateDigest.Of(digest.Key, Own(digest.Key)) != digest.Value).Select(digest => digest.Key).Order(StringComparer.Ordinal).ToList();
        (Compared, Difference) = (now, given.Union(wanted, StringComparer.Ordinal).Count());
        return Difference == 0 ? null : new RepairKeys(self, ring.Id, CopyBatch.Of(given.Select(CopyOf)), wanted);
    }

    /// <returns>What was wanted, as far as one message carries it. Null: nothing was.</returns>
    public RepairKeys? Give(RepairKeys other) => !IsOfThisRing(other.From, other.Ring) || other.Wanted.Count == 0
        ? null
        : new RepairKeys(self, ring.Id, CopyBatch.Of(other.Wanted.Where(key => ring.Preferred(key).Contains(other.From) && keys.ContainsKey(key)).Select(CopyOf)), []);

    /// <summary>The events by which what another brought is taken.</summary>
    public IReadOnlyList<StateJoined> Take(RepairKeys other) => IsOfThisRing(other.From, other.Ring)
        ? [.. other.Keys.Where(copy => ring.Preferred(copy.Key).Contains(self)).Select(copy => Join(copy.Key, copy.State)).OfType<StateJoined>()]
        : [];

    private bool IsOfThisRing(string from, ulong id) => from != self && IsMember(from, id);

    private bool IsMember(string from, ulong id) => id == ring.Id && ring.Members.Contains(from);

    private IEnumerable<int> Followed(int index) => FollowsEveryChild ? MerkleTree.ChildrenOf(index) : MerkleTree.ChildrenOf(index).Where(child => child % 2 == 0);

    private IEnumerable<KeyDigest> Digests(string peer, int leaf) => trees.Keys(peer, leaf).Select(key => new KeyDigest(key, StateDigest.Of(key, Own(key))));

    private KeyCopy CopyOf(string key) => new(key, Own(key));
}
