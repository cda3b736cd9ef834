namespace Cluster.Modes.Quorum;

/// <content>
/// Forgetting tombstones. A deletion must be remembered while an older value may still come from anywhere: from a replica that missed it, from a hint, or in a message that is slow. So the first of the preferred
/// nodes asks <em>every</em> member twice. When each has said that it has this tombstone and nothing else of the key, or nothing at all, nobody sends anything older any more; and when all say so again after
/// <see cref="QuorumBounds.TombstoneGrace"/>, longer than any message lives, nothing older has stayed on the way, and all of them forget it. While one member is away nothing is forgotten.
/// What they remember is one number, the highest counter of all that they forgot: later writes are above it, so a tombstone that one of them has still cannot hide them.
/// </content>
internal sealed partial class ReplicaCore
{
    private readonly HashSet<string> tombstones = new(StringComparer.Ordinal);

    /// <summary>Of the last question: each tombstone that has not changed since, and who has confirmed it.</summary>
    private readonly Dictionary<string, (ulong Digest, HashSet<string> By)> confirmed = new(StringComparer.Ordinal);

    /// <summary>Tombstones that all have confirmed once and that have not changed since: when the last of them did, on this node's own clock that never goes back.</summary>
    private readonly Dictionary<string, TimeSpan> agreed = new(StringComparer.Ordinal);

    private long lastProposal;

    /// <summary>Tombstones that are held here.</summary>
    public int Tombstones => tombstones.Count;

    /// <summary>What every member is to be asked, this node too; null for nothing.</summary>
    /// <param name="now">Of a clock that never goes back.</param>
    public ProposeForgetting? ProposeForgetting(TimeSpan now)
    {
        confirmed.Clear();
        var keys = tombstones.Where(key => ring.Preferred(key) is [var first, ..] && first == self && IsOnlyTombstone(key) && IsDue(key, now))
            .OrderBy(key => agreed.ContainsKey(key) ? 0 : 1).ThenBy(key => key, StringComparer.Ordinal)
            .Take(QuorumBounds.BatchKeys).ToList();
        foreach (var key in keys)
        {
            confirmed.Add(key, (StateDigest.Of(key, Own(key)), new HashSet<string>(StringComparer.Ordinal)));
        }

        return keys.Count == 0 ? null : new ProposeForgetting(self, ring.Id, [.. keys.Select(key => new KeyDigest(key, confirmed[key].Digest))], ++lastProposal);
    }

    public ConfirmForgetting? Confirm(ProposeForgetting proposed)
    {
        if (!IsMember(proposed.From, proposed.Ring))
        {
            return null;
        }

        var same = proposed.Tombstones.Where(tombstone => hints.For(tombstone.Key).Count == 0 && !coming.ContainsKey(tombstone.Key)
            && (ring.Preferred(tombstone.Key).Contains(self) ? StateDigest.Of(tombstone.Key, Own(tombstone.Key)) == tombstone.Digest : !keys.ContainsKey(tombstone.Key))).ToList();
        return same.Count == 0 ? null : new ConfirmForgetting(self, ring.Id, same, proposed.Number);
    }

    /// <summary>What all have confirmed for the second time, to be told to every member and to be forgotten here; null for nothing yet. An answer to an earlier question counts for nothing.</summary>
    public ForgetTombstones? Confirmed(ConfirmForgetting by, TimeSpan now)
    {
        if (!IsMember(by.From, by.Ring) || by.Number != lastProposal)
        {
            return null;
        }

        var all = new List<KeyDigest>();
        foreach (var tombstone in by.Tombstones)
        {
            if (!confirmed.TryGetValue(tombstone.Key, out var known) || known.Digest != tombstone.Digest || !known.By.Add(by.From) || known.By.Count < ring.Members.Length)
            {
                continue;
            }

            if (!agreed.TryAdd(tombstone.Key, now))
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

    private bool IsOnlyTombstone(string key) => tombstones.Contains(key) && hints.For(key).Count == 0 && !coming.ContainsKey(key);

    /// <summary>It has never been agreed on, and there is room to remember that; or it was long ago.</summary>
    private bool IsDue(string key, TimeSpan now) => agreed.TryGetValue(key, out var since) ? now - since >= QuorumBounds.TombstoneGrace : agreed.Count < QuorumBounds.MostAgreed;

    /// <summary>A key is another one now: whatever was agreed on is past.</summary>
    private void Mark(string key, KeyState state)
    {
        confirmed.Remove(key);
        agreed.Remove(key);
        _ = !state.Equals(KeyState.None) && state.IsTombstone ? tombstones.Add(key) : tombstones.Remove(key);
    }

    /// <summary>The members are others: what each of them has said counts for the old ones.</summary>
    private void ForgetAgreements()
    {
        confirmed.Clear();
        agreed.Clear();
    }
}
