using System.Globalization;
using Cluster.Lab.Histories;

namespace Cluster.Lab.Checkers.Totals;

/// <summary>
/// Whether each read of a counter lies within what can have been counted by then (Jepsen's counter test): at least all increments acknowledged before the read
/// was called, at most all that were begun before it returned. Increments must be positive. Holds for counters that promise less than linearizability too.
/// </summary>
public sealed class CounterTotalsChecker : IChecker
{
    public string Name => "counter totals";

    public bool Understands(Operation operation) => KeyValueModel.Counter.Knows(operation.Op) && KeyValueModel.Counter.IsComplete(operation);

    public CheckResult Check(History history)
    {
        var evidence = new Evidence();
        long reads = 0, wrong = 0;
        string? doubt = null;
        foreach (var key in history.Operations.GroupBy(operation => operation.Key).OrderBy(key => key.Key, StringComparer.Ordinal))
        {
            var increments = key.Where(operation => operation.Op == "incr" && operation.Outcome != Outcome.Fail).ToList();
            if (increments.Exists(increment => KeyValueModel.Delta(increment) < 0))
            {
                doubt = $"{key.Key} was counted down too: its bounds say nothing";
                continue;
            }

            var certain = Running(increments.Where(increment => increment.Outcome == Outcome.Ok), increment => increment.Return);
            var possible = Running(increments, increment => increment.Call);
            foreach (var read in key.Where(operation => operation is { IsRead: true, Outcome: Outcome.Ok }).OrderBy(read => read.Call))
            {
                reads++;
                var least = SumBefore(certain, read.Call);
                var most = SumBefore(possible, read.Return + 1);
                if (!long.TryParse(read.Output ?? "0", NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) || number < least || number > most)
                {
                    wrong++;
                    evidence.Add($"process {read.Process} read {read.Output ?? "nothing"} from {key.Key} at {Instant.Of(read.Call)}; by then it was counted to at least {least}, and to at most {most}");
                }
            }
        }

        return evidence.Conclude(Name, $"{reads} reads, {wrong} out of bounds", wrong > 0, doubt ?? (reads == 0 ? "no counter was read" : null));
    }

    /// <summary>Sums by time, ascending.</summary>
    private static List<(long At, decimal Sum)> Running(IEnumerable<Operation> increments, Func<Operation, long> at)
    {
        var sums = new List<(long, decimal)>();
        decimal sum = 0; // No sum of numbers of 64 bits overflows it.
        foreach (var increment in increments.OrderBy(at))
        {
            sums.Add((at(increment), sum += KeyValueModel.Delta(increment)));
        }

        return sums;
    }

    private static decimal SumBefore(List<(long At, decimal Sum)> sums, long time)
    {
        int low = 0, high = sums.Count;
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = sums[middle].At < time ? (middle + 1, high) : (low, middle);
        }

        return low == 0 ? 0 : sums[low - 1].Sum;
    }
}
