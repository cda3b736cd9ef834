using Cluster.Modes.PeerToPeer;
using FsCheck;
using FsCheck.Fluent;

namespace Cluster.Modes.Tests.PeerToPeer;

public class RoutingTableTests
{
    private static readonly KademliaId Self = new(0, 0, 0);

    [Fact]
    public void A_distance_is_the_exclusive_or_and_a_metric() => Prop.ForAll(
        Gen.Choose(0, int.MaxValue).ToArbitrary(),
        seed =>
        {
            var (one, two, three) = (KademliaId.Of($"a{seed}"), KademliaId.Of($"b{seed}"), KademliaId.Of($"c{seed}"));
            Assert.Equal(default, one.DistanceTo(one));
            Assert.Equal(one.DistanceTo(two), two.DistanceTo(one));
            Assert.Equal(one.DistanceTo(three), one.DistanceTo(two).DistanceTo(two.DistanceTo(three)));
            Assert.NotEqual(one.DistanceTo(three), two.DistanceTo(three)); // Unidirectional: for each distance one place.
            Assert.True(KademliaId.TryParse(one.ToString(), out var read) && read == one);
        }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(63)]
    [InlineData(64)]
    [InlineData(127)]
    [InlineData(128)]
    [InlineData(159)]
    public void A_place_with_so_many_bits_in_common_has_just_so_many(int prefix) => Assert.Equal(prefix, KademliaId.Of("self").CommonPrefix(KademliaId.Of("self").WithPrefix(prefix, KademliaId.Of("rest"))));

    [Fact]
    public void A_full_bucket_keeps_whoever_was_there_first_and_lives()
    {
        var (table, peers) = (new RoutingTable(Self, k: 2), InOneBucket(4));
        Assert.True(table.Saw(peers[0], out _));
        Assert.True(table.Saw(peers[1], out _));

        Assert.False(table.Saw(peers[2], out var oldest));
        Assert.Equal(peers[0], oldest);
        table.Saw(peers[0], out _); // It has answered: now the other one is the oldest.
        table.Saw(peers[3], out oldest);
        Assert.Equal(peers[1], oldest);
        Assert.Equal([peers[1], peers[0]], table.All);
    }

    [Fact]
    public void When_one_is_gone_the_latest_of_those_who_waited_takes_its_place()
    {
        var (table, peers) = (new RoutingTable(Self, k: 2), InOneBucket(4));
        foreach (var peer in peers)
        {
            table.Saw(peer, out _);
        }

        table.Remove(peers[0].Id);

        Assert.Equal([peers[1], peers[3]], table.All);
    }

    [Fact]
    public void Those_who_wait_are_bounded_too()
    {
        var table = new RoutingTable(Self, k: 2);
        foreach (var peer in InOneBucket(50))
        {
            table.Saw(peer, out _);
        }

        for (var gone = 0; gone < 4; gone++)
        {
            table.Remove(table.All.First().Id);
        }

        Assert.Equal(0, table.Count);
    }

    [Fact]
    public void It_never_holds_itself()
    {
        var table = new RoutingTable(KademliaId.Of("n1"), k: 2);

        Assert.False(table.Saw(new Peer("n1", "elsewhere"), out _));
        Assert.Equal(0, table.Count);
    }

    private static List<Peer> InOneBucket(int count) => [.. Enumerable.Range(0, 10 * count).Select(number => new Peer($"p{number}", "")).Where(peer => Self.CommonPrefix(peer.Id) == 0).Take(count)];
}
