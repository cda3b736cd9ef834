using Cluster.Modes.Quorum;

namespace Cluster.Modes.Tests.Quorum;

/// <summary>Where keys live: the same for all who know the same members, evenly spread, and with few moves when a member comes.</summary>
public class HashRingTests
{
    private static readonly string[] Keys = [.. Enumerable.Range(0, 6_000).Select(number => $"key{number}")];

    [Fact]
    public void A_key_has_three_different_nodes_and_everybody_stands_in_once()
    {
        var ring = Ring(7);

        Assert.All(Keys, key =>
        {
            Assert.Equal(3, ring.Preferred(key).Distinct().Count());
            Assert.Equal(ring.Members, ring.Order(key).Order(StringComparer.Ordinal));
            Assert.Equal(ring.Order(key).Take(3), ring.Preferred(key));
        });
    }

    [Fact]
    public void Nodes_that_know_the_same_members_in_any_order_agree_and_others_say_so()
    {
        var (one, other) = (new HashRing(["n1", "n2", "n3", "n4"]), new HashRing(["n4", "n2", "n1", "n3"]));

        Assert.Equal(one.Id, other.Id);
        Assert.All(Keys, key => Assert.Equal(one.Order(key), other.Order(key)));
        Assert.NotEqual(one.Id, Ring(3).Id);
    }

    [Fact]
    public void Virtual_nodes_spread_keys_evenly()
    {
        var shares = Keys.GroupBy(Ring(5).Order, (order, keys) => (First: order[0], Count: keys.Count())).GroupBy(share => share.First).Select(node => node.Sum(share => share.Count)).ToList();

        Assert.Equal(5, shares.Count);
        Assert.All(shares, share => Assert.InRange(share, Keys.Length / 5 * 0.7, Keys.Length / 5 * 1.3));
    }

    [Fact]
    public void A_member_that_comes_takes_its_share_and_no_other_key_moves()
    {
        var (before, after) = (Ring(5), Ring(6));

        var moved = Keys.Where(key => before.Order(key)[0] != after.Order(key)[0]).ToList();
        Assert.All(moved, key => Assert.Equal("n6", after.Order(key)[0]));
        Assert.InRange(moved.Count, Keys.Length / 6 * 0.7, Keys.Length / 6 * 1.3);
    }

    [Fact]
    public void A_cluster_smaller_than_the_number_of_copies_has_as_many_copies_as_members()
    {
        Assert.Equal(["n1", "n2"], Ring(2).Preferred("k").Order());
        Assert.Empty(new HashRing([]).Preferred("k"));
    }

    private static HashRing Ring(int members) => new(Enumerable.Range(1, members).Select(number => $"n{number}"));
}
