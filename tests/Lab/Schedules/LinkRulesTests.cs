using Cluster.Lab.Schedules;
using Cluster.Shared.Http;
using Cluster.Shared.Scenarios;

namespace Cluster.Lab.Tests.Schedules;

/// <summary>Who does not hear whom, for each kind of fault: the links are written <c>from>to</c>.</summary>
public class LinkRulesTests
{
    private static readonly string[] Three = ["n1", "n2", "n3"];
    private static readonly string[] Five = ["n1", "n2", "n3", "n4", "n5"];

    [Theory]
    [InlineData(FaultType.Cut, "n1", "n1>n2 n1>n3 n2>n1 n3>n1")]
    [InlineData(FaultType.Cut, "n1,n2", "n1>n3 n2>n3 n3>n1 n3>n2")]
    [InlineData(FaultType.Cut, "n1,n2,n3", "")]
    [InlineData(FaultType.CutIn, "n1", "n2>n1 n3>n1")]
    [InlineData(FaultType.CutOut, "n1", "n1>n2 n1>n3")]
    [InlineData(FaultType.Ring, "n1,n2,n3", "n1>n3 n2>n1 n3>n2")]
    public void Of_three_nodes_these_links_are_cut(FaultType kind, string nodes, string links) => Assert.Equal(links, Cut(Three, Open(kind, nodes)));

    [Theory]
    [InlineData(FaultType.Cut, "n2,n4", "n1>n2 n1>n4 n2>n1 n2>n3 n2>n5 n3>n2 n3>n4 n4>n1 n4>n3 n4>n5 n5>n2 n5>n4")]
    [InlineData(FaultType.CutIn, "n2,n4", "n1>n2 n1>n4 n3>n2 n3>n4 n5>n2 n5>n4")]
    [InlineData(FaultType.CutOut, "n2,n4", "n2>n1 n2>n3 n2>n5 n4>n1 n4>n3 n4>n5")]
    [InlineData(FaultType.Ring, "n1,n2,n3,n4,n5", "n1>n3 n1>n4 n2>n4 n2>n5 n3>n1 n3>n5 n4>n1 n4>n2 n5>n2 n5>n3")]
    public void Of_five_nodes_these_links_are_cut(FaultType kind, string nodes, string links) => Assert.Equal(links, Cut(Five, Open(kind, nodes)));

    [Fact]
    public void Halves_hear_each_other_not_at_all_and_a_bridge_hears_both()
    {
        Assert.Equal("n1>n2 n1>n3 n2>n1 n3>n1", Cut(Three, Open(FaultType.Halves, "n1,n2,n3", "n1", "n2,n3")));
        Assert.Equal("n1>n3 n3>n1", Cut(Three, Open(FaultType.Bridge, "n2", "n1", "n3")));
        Assert.Equal("n1>n2 n1>n4 n2>n1 n2>n5 n4>n1 n4>n5 n5>n2 n5>n4", Cut(Five, Open(FaultType.Bridge, "n3", "n1,n5", "n2,n4")));
    }

    [Fact]
    public void With_two_nodes_a_ring_is_whole() => Assert.Equal("", Cut(["n1", "n2"], Open(FaultType.Ring, "n1,n2")));

    [Theory]
    [InlineData(FaultType.Delay, "80ms", 80, 80, 0, 0, 0, 0)]
    [InlineData(FaultType.Loss, "5%", 0, 0, 5, 0, 0, 0)]
    [InlineData(FaultType.Duplicate, "7%", 0, 0, 0, 7, 0, 0)]
    [InlineData(FaultType.Reorder, "9%", 0, 0, 0, 0, 9, 0)]
    [InlineData(FaultType.Throttle, "64KB/s", 0, 0, 0, 0, 0, 64_000)]
    public void What_the_target_sends_is_changed_and_what_it_hears_is_not(FaultType kind, string amount, int delay, int jitter, double loss, double duplicate, double reorder, long bytes)
    {
        var fault = Open(kind, "n1") is var open ? open with { Plan = open.Plan with { Amount = amount } } : null!;

        Assert.Equal([.. new[] { "n2", "n3" }.Select(to => new LinkFaultView(to, false, delay, jitter, loss, duplicate, reorder, bytes))], LinkRules.From("n1", Three, [fault]));
        Assert.Empty(LinkRules.From("n2", Three, [fault]));
    }

    [Fact]
    public void Several_faults_on_one_link_are_one_rule_and_what_is_left_of_them_stays()
    {
        var (cut, delay, loss) = (Open(FaultType.CutOut, "n1"), Open(FaultType.Delay, "n1,n2"), Open(FaultType.Loss, "n1,n2,n3"));

        var rule = new LinkFaultView("n3", Cut: true, DelayMs: 60, JitterMs: 60, LossPercent: 20);
        Assert.Equal([rule with { To = "n2" }, rule], LinkRules.From("n1", Three, [cut, delay, loss]));
        Assert.Equal([rule with { To = "n2", Cut = false }, rule with { Cut = false }], LinkRules.From("n1", Three, [delay, loss]));
        Assert.Equal([new LinkFaultView("n1", LossPercent: 20), new LinkFaultView("n2", LossPercent: 20)], LinkRules.From("n3", Three, [cut, delay, loss]));
        Assert.Empty(LinkRules.From("n1", Three, []));
    }

    [Theory]
    [InlineData(FaultType.Kill)]
    [InlineData(FaultType.Pause)]
    [InlineData(FaultType.FullDisk)]
    [InlineData(FaultType.ClockSkew)]
    public void What_is_no_fault_of_links_makes_no_rule(FaultType kind) => Assert.Equal("", Cut(Three, Open(kind, "n1")));

    private static OpenFault Open(FaultType kind, string nodes, params string[] sides) =>
        new(new PlannedFault(kind, nodes, TimeSpan.Zero, TimeSpan.FromSeconds(1)), nodes.Split(','), sides.Length == 0 ? null : sides);

    private static string Cut(string[] nodes, params OpenFault[] open) =>
        string.Join(' ', nodes.SelectMany(node => LinkRules.From(node, nodes, open).Where(rule => rule.Cut).Select(rule => $"{node}>{rule.To}")));
}
