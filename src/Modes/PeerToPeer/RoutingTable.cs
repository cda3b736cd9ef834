namespace Cluster.Modes.PeerToPeer;

/// <summary>
/// The peers that one peer knows (Maymounkov and Mazières 2002, section 2.2): for each length of prefix that it shares with others a bucket of at most k of them, the one that was heard of longest ago first. A peer that still answers is never put
/// out for a new one: who has been there for long will probably stay (figure 1 of the paper).
/// </summary>
/// <param name="self">Never in it.</param>
/// <param name="k">Most peers of a bucket.</param>
internal sealed class RoutingTable(KademliaId self, int k)
{
    private readonly List<Peer>[] buckets = [.. Enumerable.Range(0, KademliaId.Bits).Select(_ => new List<Peer>())];

    /// <summary>For each bucket those who would like to be in it, the latest last (section 4.1).</summary>
    private readonly List<Peer>[] waiting = [.. Enumerable.Range(0, KademliaId.Bits).Select(_ => new List<Peer>())];

    public int Count => buckets.Sum(bucket => bucket.Count);

    /// <summary>All that it knows, from the bucket that is furthest away.</summary>
    public IEnumerable<Peer> All => buckets.SelectMany(bucket => bucket);

    /// <summary>The buckets in use: prefixes with at least one peer.</summary>
    public IEnumerable<int> Prefixes => Enumerable.Range(0, KademliaId.Bits).Where(prefix => buckets[prefix].Count > 0);

    public bool Contains(KademliaId id) => id != self && buckets[self.CommonPrefix(id)].Exists(peer => peer.Id == id);

    /// <summary>A peer was heard of.</summary>
    /// <param name="oldest">Whether it is still there must be asked, before the new one may take its place; null: there was room, or the new one was known.</param>
    /// <returns>Whether it is new in the table.</returns>
    public bool Saw(Peer peer, out Peer? oldest)
    {
        oldest = null;
        if (peer.Id == self)
        {
            return false;
        }

        var (bucket, others) = (buckets[self.CommonPrefix(peer.Id)], waiting[self.CommonPrefix(peer.Id)]);
        var wasKnown = bucket.RemoveAll(known => known.Id == peer.Id) > 0;
        others.RemoveAll(known => known.Id == peer.Id);
        if (wasKnown || bucket.Count < k)
        {
            bucket.Add(peer);
            return !wasKnown;
        }

        others.Add(peer);
        if (others.Count > k)
        {
            others.RemoveAt(0);
        }

        oldest = bucket[0];
        return false;
    }

    /// <summary>A peer is gone. The one that was heard of last among those who wait takes its place.</summary>
    public void Remove(KademliaId id)
    {
        if (id == self)
        {
            return;
        }

        var (bucket, others) = (buckets[self.CommonPrefix(id)], waiting[self.CommonPrefix(id)]);
        others.RemoveAll(peer => peer.Id == id);
        if (bucket.RemoveAll(peer => peer.Id == id) > 0 && others.Count > 0)
        {
            bucket.Add(others[^1]);
            others.RemoveAt(others.Count - 1);
        }
    }

    /// <summary>Of those that it knows the nearest, nearest first.</summary>
    public IReadOnlyList<Peer> Closest(KademliaId target, int most) => [.. All.OrderBy(peer => peer.Id.DistanceTo(target)).Take(most)];
}
