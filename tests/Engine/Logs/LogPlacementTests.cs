using Cluster.Engine.Port;

namespace Cluster.Engine.Tests.Logs;

/// <summary>Which partitions one transaction can reach.</summary>
public class LogPlacementTests
{
    [Fact]
    public void Partitions_of_one_number_and_one_tag_are_together() =>
        Assert.Equal(LogPlacement.SlotOf("m:{orders}.in/3"), LogPlacement.SlotOf("n:{orders}.out/3"));

    [Fact]
    public void A_tag_does_not_bring_a_topics_partitions_together() =>
        Assert.Equal(8, Enumerable.Range(0, 8).Select(number => LogPlacement.SlotOf($"{{orders}}.in/{number}")).Distinct().Count());

    [Theory]
    [InlineData("orders/0")]
    [InlineData("{}orders/0")]
    [InlineData("orders}{/0")]
    [InlineData("{orders")]
    public void What_carries_no_tag_is_placed_by_its_name(string partition) => Assert.Equal(partition, LogPlacement.Group(partition));
}
