using System.Text.Json;
using Cluster.Engine.Port;
using Cluster.Shared.Wire;

namespace Cluster.Modes.Cqrs;

/// <summary>The shop's order as an aggregate, pure: what has happened to it, and what may happen next. It is nothing but its events, folded.</summary>
/// <param name="Version">How many events it has.</param>
internal sealed record OrderAggregate(string Status, ulong Version, string Customer, string Item, decimal Amount)
{
    public static readonly OrderAggregate None = new("none", 0, "", "", 0);

    public static OrderAggregate Of(IEnumerable<OrderEvent> events) => events.Aggregate(None, (order, happened) => order.After(happened));

    public OrderAggregate After(OrderEvent happened) => new(StatusAfter(happened), Version + 1, happened.Customer, happened.Item, happened.Amount);

    public static string StatusAfter(OrderEvent happened) => happened switch
    {
        OrderPlaced => "placed",
        OrderPaid => "paid",
        OrderShipped => "shipped",
        _ => "cancelled",
    };

    /// <summary>What the command leads to; null with why not.</summary>
    /// <param name="command">Its id.</param>
    public OrderEvent? Decide(OrderCommand order, string command, out string? why)
    {
        why = (order.Verb, Status) switch
        {
            ("place", "none") or ("pay", "placed") or ("ship", "paid") or ("cancel", "placed" or "paid") => null,
            (_, "none") => $"there is no order {order.Id} to {order.Verb}",
            ("place", _) => $"order {order.Id} is there already: it is {Status}",
            _ => $"order {order.Id} is {Status}: one cannot {order.Verb} it",
        };
        return why is not null ? null : order.Verb switch
        {
            "place" => new OrderPlaced(command, order.Customer, order.Item, order.Amount),
            "pay" => new OrderPaid(command, Customer, Item, Amount),
            "ship" => new OrderShipped(command, Customer, Item, Amount),
            _ => new OrderCancelled(command, Customer, Item, Amount),
        };
    }

    /// <summary>Why a command with the id of one that has been obeyed is not the same one sent again; null when it is. What it asks for has not been done, and must not be told that it has.</summary>
    public static string? WhyNotAgain(OrderEvent happened, OrderCommand order)
    {
        var verb = happened switch { OrderPlaced => "place", OrderPaid => "pay", OrderShipped => "ship", _ => "cancel" };
        return verb != order.Verb ? $"the command {happened.Command} of order {order.Id} was to {verb}, not to {order.Verb}: give each command its own id"
            : happened is OrderPlaced && (happened.Customer, happened.Item, happened.Amount) != (order.Customer, order.Item, order.Amount) ? $"the command {happened.Command} placed order {order.Id} with other words: give each command its own id"
            : null;
    }

    /// <summary>The events of a read of the log.</summary>
    public static IReadOnlyList<OrderEvent> Read(LogReply reply) => [.. reply.Records().Select(record => JsonSerializer.Deserialize(record.Record.Value.Span, CqrsJson.Default.OrderEvent)!)];
}
