namespace Cluster.Modes.Cqrs;

/// <summary>The projections, pure: what each makes of an event. Each has its own views, and knows nothing of the others.</summary>
internal static class OrderProjections
{
    /// <summary>Each order as it stands: its count is its version.</summary>
    public const string Orders = "orders";

    /// <summary>What was sold of each item.</summary>
    public const string Items = "items";

    /// <summary>Each customer's orders that are under way, and what was spent.</summary>
    public const string Customers = "customers";

    public static IReadOnlyList<string> All { get; } = [Orders, Items, Customers];

    /// <summary>Null where the event changes nothing there.</summary>
    public static RowChange? Change(string projection, string order, OrderEvent happened) => (projection, happened) switch
    {
        (Orders, OrderPlaced) => new RowChange(order, "placed", 1, happened.Amount),
        (Orders, _) => new RowChange(order, OrderAggregate.StatusAfter(happened), 1, 0),
        (Items, OrderPaid) => new RowChange(happened.Item, null, 1, happened.Amount),
        (Customers, OrderPlaced) => new RowChange(happened.Customer, null, 1, 0),
        (Customers, OrderPaid) => new RowChange(happened.Customer, null, 0, happened.Amount),
        (Customers, OrderShipped or OrderCancelled) => new RowChange(happened.Customer, null, -1, 0),
        _ => null,
    };
}
