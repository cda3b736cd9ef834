using Cluster.Lab.Histories;

namespace Cluster.Lab.Checkers.Orders;

/// <summary>
/// Orders over several participants. Once none is under way, each is complete at all of them or without effect at all of them, as its client was told; it took what it asked for, once; and
/// what is left in each ledger plus what its orders hold is what it opened with.
/// </summary>
public sealed class OrdersChecker : IChecker
{
    public string Name => "orders";

    public bool Understands(Operation operation) => OrderHistory.Understands(operation);

    public CheckResult Check(History history)
    {
        if (OrderHistory.Read(history) is not { } read)
        {
            return new CheckResult(Name, Verdict.Unknown, "an answer is no order, no ledger or no look", []);
        }

        if (read.WhyNotFinal is { } moving)
        {
            return new CheckResult(Name, Verdict.Unknown, moving, []);
        }

        var evidence = new Evidence();
        int complete = 0, without = 0, unread = 0, broken = CheckLedgers(read, evidence);
        foreach (var order in read.Placed)
        {
            if (!order.Parts.All(part => read.Ledgers.ContainsKey(part.Ledger)))
            {
                unread++;
                continue;
            }

            var effects = order.Parts.Select(part => read.Ledgers[part.Ledger].Orders.TryGetValue(order.Id, out var entry) ? entry : ("none", 0)).ToList();
            var done = effects.Count(effect => OrderHistory.HasEffect(effect.Item1));
            complete += done == effects.Count ? 1 : 0;
            without += done == 0 ? 1 : 0;
            if (Fault(order, effects, done) is { } fault)
            {
                broken++;
                evidence.Add($"order {order.Id} of process {order.Operation.Process} at {Instant.Of(order.Operation.Call)} {fault}: " + string.Join(", ", order.Parts.Zip(effects, (part, effect) => $"{part.Ledger} {effect.Item1}")));
            }
        }

        var halfWay = read.Looks.Count(look => look.States.Count(OrderHistory.HasEffect) is > 0 and < 3);
        return evidence.Conclude(
            Name,
            $"{complete} orders complete, {without} without effect, {broken} broken; {halfWay} of {read.Looks.Count} looks saw an order half-way",
            broken > 0,
            unread > 0 ? $"the ledgers of {unread} orders were not read" : complete == 0 || without == 0 ? "not both ends were seen" : null);
    }

    private static string? Fault(OrderHistory.PlacedOrder order, List<(string State, long Amount)> effects, int done) =>
        done != 0 && done != effects.Count ? "is half-done"
        : effects.Any(effect => effect.State == "prepared") ? "is in doubt though nothing is under way"
        : done > 0 && !order.Parts.Zip(effects, (part, effect) => part.Amount == effect.Amount).All(same => same) ? "took another amount than it asked for"
        : (order.Operation.Outcome, order.Operation.Output) switch
        {
            (Outcome.Fail, _) when done > 0 => "took effect though its client was told that it was not served",
            (Outcome.Ok, "completed" or "committed") when done == 0 => $"has no effect though its client was told '{order.Operation.Output}'",
            (Outcome.Ok, "compensated" or "aborted") when done > 0 => $"took effect though its client was told '{order.Operation.Output}'",
            _ => null,
        };

    private static int CheckLedgers(OrderHistory read, Evidence evidence)
    {
        var placed = read.Placed.Select(order => order.Id).ToHashSet(StringComparer.Ordinal);
        var broken = 0;
        foreach (var (key, ledger) in read.Ledgers.OrderBy(ledger => ledger.Key, StringComparer.Ordinal))
        {
            var held = ledger.Orders.Values.Where(entry => OrderHistory.HasEffect(entry.State) || entry.State == "prepared").Sum(entry => (decimal)entry.Amount);
            if (ledger.Available + held != ledger.Opening)
            {
                broken++;
                evidence.Add($"{key} has {ledger.Available} left and its orders hold {held}, which is {ledger.Available + held} and not the {ledger.Opening} that it opened with");
            }

            foreach (var invented in ledger.Orders.Keys.Where(order => !placed.Contains(order)).Order(StringComparer.Ordinal))
            {
                broken++;
                evidence.Add($"{key} has an order {invented}, which nobody placed");
            }
        }

        return broken;
    }
}
