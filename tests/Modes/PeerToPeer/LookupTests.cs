using Cluster.Modes.PeerToPeer;

namespace Cluster.Modes.Tests.PeerToPeer;

/// <summary>Lookups over many virtual peers: they find the truly nearest, in a number of hops that grows with the logarithm of the peers (Maymounkov and Mazières 2002, section 3).</summary>
public class LookupTests(ITestOutputHelper output)
{
    private const int Lookups = 300;

    [Theory]
    [InlineData(25, 3)]
    [InlineData(250, 3)]
    [InlineData(25, 20)]
    [InlineData(250, 20)]
    public void A_lookup_finds_the_nearest_in_a_logarithmic_number_of_hops(int count, int k)
    {
        var peers = new VirtualPeers(count, k, seed: 11);
        var (exact, nearest, hops) = (0, 0, new List<int>());
        for (var i = 0; i < Lookups; i++)
        {
            var target = KademliaId.Of($"key-{i}");
            var (lookup, truth) = (peers.Find(peers.Any(), target), peers.Nearest(target));
            exact += lookup.Found.Select(peer => peer.Node).SequenceEqual(truth) ? 1 : 0;
            nearest += lookup.Found[0].Node == truth[0] ? 1 : 0;
            hops.Add(lookup.Hops);
        }

        output.WriteLine($"{count} peers, k {k}: {hops.Average():0.00} hops on average, {hops.Max()} at most; {exact} of {Lookups} found exactly the {k} nearest, {nearest} the nearest");
        Assert.True(exact >= Lookups * 0.97 && nearest >= Lookups * 0.99, $"{exact} of {Lookups} exact, {nearest} with the nearest");
        Assert.InRange(hops.Max(), 1, (int)Math.Ceiling(Math.Log2(count)));
        Assert.InRange(hops.Average(), 0, Math.Log2((double)count / k) + 1);
    }

    [Fact]
    public void A_peer_knows_a_few_of_many()
    {
        var peers = new VirtualPeers(250, 3, seed: 12);

        Assert.All(peers.All, peer => Assert.InRange(peers.TableOf(peer).Count, 1, 3 * (int)Math.Ceiling(Math.Log2(250)) + 9));
    }

    [Fact]
    public void When_a_fifth_of_the_peers_has_died_at_once_lookups_go_round_them_and_a_refresh_closes_the_gaps()
    {
        var peers = new VirtualPeers(100, 8, seed: 13);
        foreach (var dead in peers.All.Where((_, number) => number % 5 == 0).ToList())
        {
            peers.Kill(dead);
        }

        var at = Exact();
        foreach (var peer in peers.All)
        {
            peers.Refresh(peer.Id);
        }

        var after = Exact();
        output.WriteLine($"80 of 100 peers left: {at} of {Lookups} lookups exact at once, {after} after a refresh");
        Assert.InRange(at, (int)(Lookups * 0.8), Lookups);
        Assert.InRange(after, (int)(Lookups * 0.99), Lookups);

        int Exact()
        {
            var exact = 0;
            for (var i = 0; i < Lookups; i++)
            {
                var target = KademliaId.Of($"key-{i}");
                var found = peers.Find(peers.Any(), target).Found.Select(peer => peer.Node).ToList();
                Assert.All(found, node => Assert.Contains(peers.All, peer => peer.Node == node));
                exact += found.SequenceEqual(peers.Nearest(target)) ? 1 : 0;
            }

            return exact;
        }
    }

    [Fact]
    public void No_more_than_alpha_are_asked_at_one_time()
    {
        var lookup = new Lookup(KademliaId.Of("key"), k: 8, alpha: 3);
        lookup.Begin(Enumerable.Range(0, 20).Select(number => new Peer($"p{number}", "")));

        var first = lookup.Next();
        Assert.Equal(3, first.Count);
        Assert.Empty(lookup.Next());
        lookup.Answered(first[0].Id, []);
        Assert.Single(lookup.Next());
    }

    [Fact]
    public void Whoever_does_not_answer_is_not_among_the_found()
    {
        var lookup = new Lookup(KademliaId.Of("key"), k: 2, alpha: 3);
        lookup.Begin(Enumerable.Range(0, 4).Select(number => new Peer($"p{number}", "")));
        while (!lookup.IsDone)
        {
            foreach (var asked in lookup.Next())
            {
                lookup.Failed(asked.Id);
            }
        }

        Assert.Empty(lookup.Found);
        Assert.Equal(4, lookup.Silent);
    }
}
