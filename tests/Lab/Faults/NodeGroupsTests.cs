using Cluster.Lab.Faults;

namespace Cluster.Lab.Tests.Faults;

public class NodeGroupsTests
{
    private static readonly string[] Nodes = ["n1", "n2", "n3", "n4"];

    [Theory]
    [InlineData("n1,n2 / n3,n4")]
    [InlineData("n1,n2/n3,n4")]
    [InlineData("n1 n2 / n3, n4")]
    public void Sides_stand_apart_by_a_slash(string text) => Assert.Equal("n1,n2 / n3,n4", NodeGroups.Parse(text, Nodes).ToString());

    [Fact]
    public void Every_pair_across_is_cut_both_ways_and_none_within()
    {
        var pairs = NodeGroups.Parse("n1,n2 / n3", Nodes).CutPairs().Order();

        Assert.Equal([("n1", "n3"), ("n2", "n3"), ("n3", "n1"), ("n3", "n2")], pairs);
    }

    [Fact]
    public void A_node_that_is_not_named_keeps_its_links() =>
        Assert.DoesNotContain(NodeGroups.Parse("n1 / n2,n3", Nodes).CutPairs(), pair => pair.From == "n4" || pair.To == "n4");

    [Fact]
    public void An_isolated_node_stands_against_all_others() => Assert.Equal("n2 / n1,n3,n4", NodeGroups.Isolate("n2", Nodes).ToString());

    [Theory]
    [InlineData("n1,n2", "slash")]
    [InlineData("n1 /", "slash")]
    [InlineData("n1 / n9", "n9")]
    [InlineData("n1,n2 / n2", "twice")]
    public void What_is_no_partition_is_refused_with_the_reason(string text, string reason) =>
        Assert.Contains(reason, Assert.Throws<FormatException>(() => NodeGroups.Parse(text, Nodes)).Message, StringComparison.Ordinal);
}
