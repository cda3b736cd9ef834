using System.Globalization;
using System.Text.Json;
using Cluster.Lab.Histories;

namespace Cluster.Lab.Checkers.Orders;

/// <summary>A history of orders, read: place [way, item, quantity, customer, price, carrier, fail-at, pace] -> outcome; look -> a state at each participant; ledger -> what is left, and its orders; ended -> figures, once no order is under way.</summary>
internal sealed class OrderHistory
{
    private static readonly string[] Participants = ["stock", "payment", "shipping"];

    private OrderHistory(IReadOnlyList<PlacedOrder> placed, IReadOnlyDictionary<string, LedgerRead> ledgers, IReadOnlyList<(Operation Operation, string?[] States)> looks) =>
        (Placed, Ledgers, Looks) = (placed, ledgers, looks);

    public IReadOnlyList<PlacedOrder> Placed { get; }

    /// <summary>The last read of each ledger, by its key.</summary>
    public IReadOnlyDictionary<string, LedgerRead> Ledgers { get; }

    /// <summary>
    /// Why the ledgers do not say how orders ended; null when they do. They are read one after the other, so between the first and the last of them no order may have been under way: none was before and none
    /// after, and as many had ended.
    /// </summary>
    public string? WhyNotFinal { get; private init; }

    /// <summary>What readers saw of orders: states at stock, payment and shipping.</summary>
    public IReadOnlyList<(Operation Operation, string?[] States)> Looks { get; }

    public static bool Understands(Operation operation) => operation is { Op: "place", Input.Count: 8 } or { Op: "look" or "ledger" or "ended" };

    /// <summary>Whether a participant in this state has done its part: taken, settled or committed.</summary>
    public static bool HasEffect(string? state) => state is "taken" or "settled" or "committed";

    /// <summary>Null where an answer is none of this workload.</summary>
    public static OrderHistory? Read(History history)
    {
        try
        {
            var answered = history.Operations.Where(operation => operation.Outcome == Outcome.Ok).ToList();
            return new OrderHistory(
                [.. history.Operations.Where(operation => operation.Op == "place").Select(PlacedOrder.Of)],
                answered.Where(operation => operation.Op == "ledger").GroupBy(operation => operation.Key).ToDictionary(key => key.Key, key => LedgerRead.Of(key.MaxBy(read => read.Return)!), StringComparer.Ordinal),
                [.. answered.Where(operation => operation.Op == "look").Select(look => (look, States(look)))])
            {
                WhyNotFinal = WhyNot([.. answered.Where(operation => operation.Op == "ended")], [.. answered.Where(operation => operation.Op == "ledger")]),
            };
        }
        catch (Exception e) when (e is JsonException or FormatException or InvalidOperationException or KeyNotFoundException or ArgumentException or OverflowException)
        {
            return null;
        }
    }

    private static string? WhyNot(List<Operation> ended, List<Operation> ledgers)
    {
        if (ledgers.Count == 0)
        {
            return null; // There is nothing to be final: that the ledgers were not read is said elsewhere.
        }

        var (first, last) = (ledgers.Min(read => read.Call), ledgers.Max(read => read.Return));
        return (ended.LastOrDefault(figures => figures.Return <= first), ended.FirstOrDefault(figures => figures.Call >= last)) switch
        {
            (null, _) => "nobody asked whether orders were under way before the ledgers were read",
            (_, null) => "nobody asked whether orders were under way after the ledgers were read",
            ({ } before, { } after) when before.Output != after.Output => $"orders ended while the ledgers were read: {before.Output} before, {after.Output} after",
            _ => null,
        };
    }

    private static string?[] States(Operation look)
    {
        using var document = JsonDocument.Parse(look.Output ?? "null");
        return [.. Participants.Select(participant => document.RootElement.GetProperty(participant).GetString())];
    }

    /// <summary>An order as it was asked for.</summary>
    /// <param name="Parts">The key of each ledger that it concerns, with the amount there.</param>
    internal sealed record PlacedOrder(Operation Operation, IReadOnlyList<(string Ledger, long Amount)> Parts)
    {
        public string Id => Operation.Key;

        public static PlacedOrder Of(Operation place) => new(place,
        [
            ($"stock/{place.Input[1]}", long.Parse(place.Input[2]!, CultureInfo.InvariantCulture)),
            ($"payment/{place.Input[3]}", long.Parse(place.Input[4]!, CultureInfo.InvariantCulture)),
            ($"shipping/{place.Input[5]}", 1),
        ]);
    }

    /// <summary>A ledger at the end.</summary>
    internal sealed record LedgerRead(long Opening, long Available, IReadOnlyDictionary<string, (string State, long Amount)> Orders)
    {
        public static LedgerRead Of(Operation read)
        {
            using var document = JsonDocument.Parse(read.Output ?? "null");
            var root = document.RootElement;
            return new LedgerRead(
                root.GetProperty("opening").GetInt64(),
                root.GetProperty("available").GetInt64(),
                root.GetProperty("orders").EnumerateObject().ToDictionary(order => order.Name, order => (order.Value.GetProperty("state").GetString() ?? "", order.Value.GetProperty("amount").GetInt64()), StringComparer.Ordinal));
        }
    }
}
