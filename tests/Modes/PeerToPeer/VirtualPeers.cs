using Cluster.Modes.PeerToPeer;

namespace Cluster.Modes.Tests.PeerToPeer;

/// <summary>Many peers in one process, on the pure cores: each has its routing table, and a question is answered at once, or not at all by a dead one.</summary>
internal sealed class VirtualPeers
{
    private readonly Dictionary<KademliaId, (Peer Peer, RoutingTable Table)> peers = [];
    private readonly int k;
    private readonly Random random;

    /// <summary>They join one after the other, each by way of one that is there.</summary>
    public VirtualPeers(int count, int k, int seed)
    {
        (this.k, random) = (k, new Random(seed));
        for (var number = 0; number < count; number++)
        {
            Join(new Peer($"p{number}", "127.0.0.1:1"));
        }

        foreach (var id in peers.Keys.ToList())
        {
            Refresh(id);
        }
    }

    public IReadOnlyList<Peer> All => [.. peers.Values.Select(peer => peer.Peer)];

    public RoutingTable TableOf(Peer peer) => peers[peer.Id].Table;

    public Peer Any() => All[random.Next(peers.Count)];

    public void Kill(Peer peer) => peers.Remove(peer.Id);

    /// <summary>The truth, which no peer knows.</summary>
    public IReadOnlyList<string> Nearest(KademliaId target) => [.. peers.Values.OrderBy(peer => peer.Peer.Id.DistanceTo(target)).Take(k).Select(peer => peer.Peer.Node)];

    public Lookup Find(Peer asker, KademliaId target)
    {
        var lookup = new Lookup(target, k, alpha: 3);
        lookup.BeginWith(asker);
        lookup.Begin(TableOf(asker).Closest(target, k));
        while (!lookup.IsDone)
        {
            foreach (var asked in lookup.Next())
            {
                if (peers.TryGetValue(asked.Id, out var answering))
                {
                    Meet(asked.Id, asker);
                    lookup.Answered(asked.Id, answering.Table.Closest(target, k));
                    Meet(asker.Id, asked);
                }
                else
                {
                    lookup.Failed(asked.Id);
                    TableOf(asker).Remove(asked.Id);
                }
            }
        }

        return lookup;
    }

    public void Refresh(KademliaId id)
    {
        Find(peers[id].Peer, id);
        foreach (var prefix in peers[id].Table.Prefixes.ToList())
        {
            Find(peers[id].Peer, id.WithPrefix(prefix, KademliaId.Of($"{random.Next()}")));
        }
    }

    private void Join(Peer peer)
    {
        var table = new RoutingTable(peer.Id, k);
        if (peers.Count > 0)
        {
            table.Saw(Any(), out _);
        }

        peers.Add(peer.Id, (peer, table));
        Refresh(peer.Id);
    }

    /// <summary>A full bucket asks its oldest peer first.</summary>
    private void Meet(KademliaId who, Peer met)
    {
        var table = peers[who].Table;
        table.Saw(met, out var oldest);
        if (oldest is null)
        {
            return;
        }

        if (peers.ContainsKey(oldest.Id))
        {
            table.Saw(oldest, out _);
        }
        else
        {
            table.Remove(oldest.Id);
        }
    }
}
