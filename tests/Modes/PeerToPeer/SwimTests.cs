using Cluster.Modes.PeerToPeer;

namespace Cluster.Modes.Tests.PeerToPeer;

/// <summary>SWIM (Das, Gupta and Motivala 2002) over virtual peers.</summary>
public class SwimTests
{
    [Fact]
    public void Peers_that_know_one_other_come_to_know_all()
    {
        var world = new SwimWorld(25);
        world.Run(15);

        Assert.True(world.AllKnowAll);
    }

    [Fact]
    public void Who_is_silent_is_suspected_and_then_dead_for_all()
    {
        var world = Settled(25);
        world.Silent.Add("p7");
        world.Run(25 + SwimCore.SuspicionPeriods + 10);

        Assert.All(world.StatesOf("p7"), state => Assert.Equal(PeerState.Dead, state));
    }

    [Fact]
    public void A_link_that_is_cut_between_two_makes_nobody_suspect_since_others_ask_for_them()
    {
        var world = Settled(10);
        world.Carries = static (from, to) => (from, to) is not (("p1", "p2") or ("p2", "p1"));
        world.Run(60);

        Assert.True(world.AllKnowAll);
        Assert.Equal(0, world[2].Incarnation);
    }

    [Fact]
    public void Who_is_suspected_and_lives_contradicts_by_a_higher_incarnation()
    {
        var world = Settled(10);
        world.Silent.Add("p3");
        for (var period = 0; world.StatesOf("p3").All(state => state == PeerState.Alive); period++)
        {
            Assert.InRange(period, 0, 20);
            world.Run(1);
        }

        world.Silent.Clear();
        world.Run(15);
        Assert.True(world.AllKnowAll);
        Assert.True(world[3].Incarnation > 0);
    }

    [Fact]
    public void Two_sides_that_held_each_other_for_dead_find_each_other_again()
    {
        var world = Settled(10);
        world.Carries = static (from, to) => (from is "p0" or "p1" or "p2") == (to is "p0" or "p1" or "p2");
        world.Run(40);
        Assert.Contains(PeerState.Dead, world.StatesOf("p0"));

        world.Carries = static (_, _) => true;
        world.Run(60);
        Assert.True(world.AllKnowAll);
    }

    [Fact]
    public void Who_comes_back_empty_is_alive_again_for_all()
    {
        var world = Settled(10);
        world.Silent.Add("p4");
        world.Run(40);
        world.Silent.Clear();
        world.Start("p4");
        world.Run(60);

        Assert.True(world.AllKnowAll);
    }

    [Fact]
    public void What_a_peer_sends_in_a_period_does_not_grow_with_the_peers()
    {
        double EachPeriod(int count)
        {
            var world = Settled(count);
            var before = world.Messages;
            world.Run(50);
            return (world.Messages - before) / (50.0 * count);
        }

        Assert.InRange(EachPeriod(10), 1.9, 2.1);
        Assert.InRange(EachPeriod(100), 1.9, 2.1);
    }

    private static SwimWorld Settled(int count)
    {
        var world = new SwimWorld(count);
        world.Run(20);
        Assert.True(world.AllKnowAll);
        return world;
    }
}
