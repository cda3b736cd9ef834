using Cluster.Lab.Histories;

namespace Cluster.Lab.Checkers.Orders;

/// <summary>Nobody sees an order half-way: whoever looks at all its participants at once finds it done at each of them, or at none.</summary>
public sealed class OrderIsolationChecker : IChecker
{
    public string Name => "orders-isolated";

    public bool Understands(Operation operation) => OrderHistory.Understands(operation);

    public CheckResult Check(History history)
    {
        if (OrderHistory.Read(history) is not { } read)
        {
            return new CheckResult(Name, Verdict.Unknown, "an answer is no order, no ledger or no look", []);
        }

        var evidence = new Evidence();
        int done = 0, none = 0, halfWay = 0;
        foreach (var (look, states) in read.Looks)
        {
            var effects = states.Count(OrderHistory.HasEffect);
            done += effects == states.Length ? 1 : 0;
            none += effects == 0 ? 1 : 0;
            if (effects > 0 && effects < states.Length)
            {
                halfWay++;
                evidence.Add($"process {look.Process} saw order {look.Key} half-way at {Instant.Of(look.Return)}: {look.Output}");
            }
        }

        return evidence.Conclude(Name, $"{read.Looks.Count} looks: {done} at orders that were done, {none} at others, {halfWay} at half of one", halfWay > 0, done == 0 || none == 0 ? "not both were seen" : null);
    }
}
