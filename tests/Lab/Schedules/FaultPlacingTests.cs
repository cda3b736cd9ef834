using Cluster.Lab.Schedules;
using Cluster.Shared.Http;
using Cluster.Shared.Scenarios;

namespace Cluster.Lab.Tests.Schedules;

/// <summary>Who is meant by a role when a fault begins, tried with many seeds.</summary>
public class FaultPlacingTests
{
    private const int Seeds = 200;

    [Theory]
    [InlineData(1, 0, 1)]
    [InlineData(2, 0, 2)]
    [InlineData(3, 1, 2)]
    [InlineData(4, 1, 3)]
    [InlineData(5, 2, 3)]
    [InlineData(6, 2, 4)]
    [InlineData(7, 3, 4)]
    public void A_minority_can_be_done_without_and_a_majority_not(int nodes, int minority, int majority)
    {
        foreach (var seed in Enumerable.Range(1, Seeds))
        {
            Assert.Equal(minority, Fill(FaultRole.Minority, nodes, seed).Count);
            Assert.Equal(majority, Fill(FaultRole.Majority, nodes, seed).Count);
            Assert.Single(Fill(FaultRole.One, nodes, seed));
            Assert.Equal(nodes, Fill(FaultRole.All, nodes, seed).Count);
        }
    }

    [Theory]
    [InlineData(FaultRole.One)]
    [InlineData(FaultRole.Minority)]
    public void What_is_dead_is_chosen_only_when_nothing_else_is_left(string role)
    {
        foreach (var seed in Enumerable.Range(1, Seeds))
        {
            Assert.DoesNotContain("n1", Fill(role, 3, seed, dead: ["n1"]));
            Assert.Equal(["n3"], Fill(role, 3, seed, dead: ["n1", "n2"]));
            Assert.Single(Fill(role, 3, seed, dead: ["n1", "n2", "n3"]));
        }
    }

    [Fact]
    public void Every_node_is_chosen_by_some_seed() =>
        Assert.Equal(["n1", "n2", "n3", "n4", "n5"], Enumerable.Range(1, Seeds).SelectMany(seed => Fill(FaultRole.One, 5, seed)).Distinct().Order());

    [Fact]
    public void The_leader_is_who_leads_and_anybody_alive_where_nobody_knows()
    {
        Assert.Equal(["n2"], FaultRole.Fill("singleton:clock", Names(3), [Names(3)], "n2", static _ => true, new Random(1)));
        Assert.Equal(["n2"], FaultRole.Fill(FaultRole.Leader, Names(3), [Names(3)], "n2", static _ => true, new Random(1)));
        Assert.Equal(["n3"], FaultRole.Fill(FaultRole.Leader, Names(3), [Names(3)], null, static node => node == "n3", new Random(1)));
    }

    [Fact]
    public void Who_leads_and_who_is_dead_changes_nothing_of_what_the_seed_chooses_afterwards()
    {
        var (one, other) = (new Random(5), new Random(5));
        FaultRole.Fill(FaultRole.Leader, Names(5), [Names(5)], "n2", static _ => true, one);
        FaultRole.Fill(FaultRole.Leader, Names(5), [Names(5)], null, static node => node == "n4", other);

        Assert.Equal(one.Next(), other.Next());
    }

    [Fact]
    public void Names_are_themselves_each_once_in_the_order_of_the_cluster() =>
        Assert.Equal(["n1", "n3"], FaultRole.Fill("n3, n1,n3", Names(3), [Names(3)], null, static _ => true, new Random(1)));

    [Fact]
    public void Halves_are_halves_of_all_and_the_seed_says_which()
    {
        var splits = Enumerable.Range(1, Seeds).Select(seed => Place(FaultType.Halves, FaultRole.All, 5, seed)).ToList();

        Assert.All(splits, split => Assert.Equal([2, 3], split.Sides!.Select(side => side.Split(',').Length)));
        Assert.All(splits, split => Assert.Equal(Names(5), split.Sides!.SelectMany(side => side.Split(',')).Order()));
        Assert.Equal(10, splits.Select(split => split.Target).Distinct().Count());
    }

    [Fact]
    public void A_bridge_stands_on_neither_side_and_needs_two_nodes_besides_it()
    {
        var bridge = Place(FaultType.Bridge, "n3", 5, seed: 1);
        Assert.Equal(["n3"], bridge.Nodes);
        Assert.Equal(["n1", "n2", "n4", "n5"], bridge.Sides!.SelectMany(side => side.Split(',')).Order());
        Assert.All(bridge.Sides!, side => Assert.Equal(2, side.Split(',').Length));
        Assert.Null(Place(FaultType.Bridge, "n1", 2, seed: 1).Sides);
    }

    [Fact]
    public void A_cut_is_told_as_its_sides_and_other_faults_as_their_nodes()
    {
        Assert.Equal("n2 / n1,n3", Place(FaultType.Cut, "n2", 3, seed: 1).Target);
        Assert.Equal("n1,n2,n3", Place(FaultType.Cut, FaultRole.All, 3, seed: 1).Target);
        Assert.Equal("n1,n2,n3", Place(FaultType.Ring, "n1", 3, seed: 1).Target);
        Assert.Equal("n1,n2", Place(FaultType.Kill, "n2,n1", 3, seed: 1).Target);
    }

    [Fact]
    public void A_cluster_is_all_of_its_nodes_and_every_one_is_struck_by_some_seed()
    {
        var struck = Enumerable.Range(1, Seeds).Select(seed => string.Join(',', PlaceIn(FaultType.Kill, FaultRole.Cluster, seed).Nodes)).ToList();

        Assert.Equal(["n1,n2,n3", "n4,n5,n6"], struck.Distinct().Order());
    }

    [Fact]
    public void A_fault_of_the_wan_strikes_links_between_clusters_and_none_within()
    {
        foreach (var (kind, told) in new (FaultType, Func<LinkFaultView, bool>)[] { (FaultType.Cut, link => link.Cut), (FaultType.Delay, link => link.DelayMs > 0), (FaultType.Loss, link => link.LossPercent > 0) })
        {
            var fault = PlaceIn(kind, FaultRole.Wan, seed: 1);
            Assert.Equal("n1,n2,n3 / n4,n5,n6", fault.Target);
            var links = LinkRules.From("n2", Names(6), [fault]);
            Assert.Equal(["n4", "n5", "n6"], links.Select(link => link.To));
            Assert.All(links, link => Assert.True(told(link)));
        }
    }

    [Fact]
    public void One_cluster_has_nothing_between_clusters() => Assert.Empty(Place(FaultType.Cut, FaultRole.Wan, 3, seed: 1).Nodes);

    private static OpenFault PlaceIn(FaultType kind, string target, int seed) =>
        FaultPlacing.Place(new PlannedFault(kind, target, TimeSpan.Zero, TimeSpan.FromSeconds(1)), Names(6), [Names(6)[..3], Names(6)[3..]], null, static _ => true, new Random(seed));

    private static string[] Names(int count) => [.. Enumerable.Range(1, count).Select(number => $"n{number}")];

    private static IReadOnlyList<string> Fill(string role, int nodes, int seed, params string[] dead) => FaultRole.Fill(role, Names(nodes), [Names(nodes)], null, node => !dead.Contains(node), new Random(seed));

    private static OpenFault Place(FaultType kind, string target, int nodes, int seed) =>
        FaultPlacing.Place(new PlannedFault(kind, target, TimeSpan.Zero, TimeSpan.FromSeconds(1)), Names(nodes), [Names(nodes)], null, static _ => true, new Random(seed));
}
