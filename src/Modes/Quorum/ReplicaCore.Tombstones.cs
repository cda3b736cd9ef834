namespace Cluster.Modes.Quorum;

/// <content>
/// Forgetting tombstones. A deletion must be remembered while an older value may still come from anywhere: from a replica that missed it, or from a hint. So the first of the preferred nodes asks
/// <em>every</em> member, and only when each has said that it has this tombstone and nothing else of the key, or nothing at all, all of them forget it. While one member is away nothing is forgotten.
/// What they remember is one number, the highest counter of all that they forgot: later writes are above it, so a tombstone that one of them has still cannot hide them.
/// </content>
internal sealed partial class ReplicaCore
{
    private readonly Dictionary<string, (ulong Digest, HashSet<string> By)> confirmed = new(StringComparer.Ordinal);

    /// <summary>Tombstones that are held here.</summary>
    public int Tombstones => tombstones.Count;

    /// <summary>What every member is to be asked; null for nothing.</summary>
    public ProposeForgetting? ProposeForgetting(TimeSpan now)
    {
        confirmed.Clear();
        var old = tombstones.Where(tombstone => now - tombstone.Value >= QuorumBounds.TombstoneGrace && ring.Preferred(tombstone.Key) is [var first, ..] && first == self && IsOnlyTombstone(tombstone.Key))
            .Select(tombstone => tombstone.Key).Order(StringComparer.Ordinal).Take(QuorumBounds.BatchKeys).ToList();
        foreach (var key in old)
        {
            confirmed.Add(key, (StateDigest.Of(key, Own(key)), new HashSet<string>(StringComparer.Ordinal) { self }));
        }

        return old.Count == 0 ? null : new ProposeForgetting(self, ring.Id, [.. old.Select(key => new KeyDigest(key, confirmed[key].Digest))]);
    }

    public ConfirmForgetting? Confirm(ProposeForgetting proposed)
    {
        if (!IsOfThisRing(proposed.From, proposed.Ring))
        {
            return null;
        }

        var same = proposed.Tombstones.Where(tombstone => hints.For(tombstone.Key).Count == 0 && !coming.ContainsKey(tombstone.Key)
            && (ring.Preferred(tombstone.Key).Contains(self) ? StateDigest.Of(tombstone.Key, Own(tombstone.Key)) == tombstone.Digest : !keys.ContainsKey(tombstone.Key))).ToList();
        return same.Count == 0 ? null : new ConfirmForgetting(self, ring.Id, same);
    }

    /// <summary>What all have confirmed, to be told to every member and to be forgotten here; null for nothing yet.</summary>
    public ForgetTombstones? Confirmed(ConfirmForgetting by)
    {
        if (!IsOfThisRing(by.From, by.Ring))
        {
            return null;
        }

        var all = new List<KeyDigest>();
        foreach (var tombstone in by.Tombstones)
        {
            if (confirmed.TryGetValue(tombstone.Key, out var known) && known.Digest == tombstone.Digest && known.By.Add(by.From) && known.By.Count == ring.Members.Length)
            {
                all.Add(tombstone);
            }
        }

        return all.Count == 0 ? null : new ForgetTombstones(self, ring.Id, all);
    }

    /// <summary>The events by which they are forgotten, where nothing has happened to them since.</summary>
    public IReadOnlyList<TombstoneCollected> Collect(ForgetTombstones told) => told.Ring != ring.Id ? []
        : [.. told.Tombstones.Where(tombstone => IsOnlyTombstone(tombstone.Key) && StateDigest.Of(tombstone.Key, Own(tombstone.Key)) == tombstone.Digest)
            .Select(tombstone => new TombstoneCollected(tombstone.Key, Own(tombstone.Key).Counter))];

    private bool IsOnlyTombstone(string key) => tombstones.ContainsKey(key) && hints.For(key).Count == 0 && !coming.ContainsKey(key);
}
