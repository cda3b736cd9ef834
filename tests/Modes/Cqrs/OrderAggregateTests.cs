using System.Text.Json;
using Cluster.Modes.Cqrs;

namespace Cluster.Modes.Tests.Cqrs;

public class OrderAggregateTests
{
    [Theory]
    [InlineData("place pay ship", "shipped", null)]
    [InlineData("place cancel", "cancelled", null)]
    [InlineData("place pay cancel", "cancelled", null)]
    [InlineData("pay", "none", "there is no order o to pay")]
    [InlineData("place place", "placed", "order o is there already: it is placed")]
    [InlineData("place ship", "placed", "order o is placed: one cannot ship it")]
    [InlineData("place cancel pay", "cancelled", "order o is cancelled: one cannot pay it")]
    [InlineData("place pay ship cancel", "shipped", "order o is shipped: one cannot cancel it")]
    public void An_order_does_what_its_state_allows(string verbs, string status, string? why)
    {
        var order = OrderAggregate.None;
        string? said = null;
        foreach (var verb in verbs.Split(' '))
        {
            if (order.Decide(new OrderCommand("o", verb, "ann", "tea", 5), $"c-{verb}", out said) is { } happened)
            {
                order = order.After(JsonSerializer.Deserialize(JsonSerializer.Serialize(happened, CqrsJson.Default.OrderEvent), CqrsJson.Default.OrderEvent)!);
            }
        }

        Assert.Equal((status, why), (order.Status, said));
    }

    [Theory]
    [InlineData("place", "ann", "tea", null)]
    [InlineData("pay", "ann", "tea", "the command c of order o was to place, not to pay: give each command its own id")]
    [InlineData("place", "bob", "tea", "the command c placed order o with other words: give each command its own id")]
    public void A_command_is_the_one_that_was_obeyed_or_is_told_that_it_is_not(string verb, string customer, string item, string? why) =>
        Assert.Equal(why, OrderAggregate.WhyNotAgain(new OrderPlaced("c", "ann", "tea", 5), new OrderCommand("o", verb, customer, item, 5)));
}
