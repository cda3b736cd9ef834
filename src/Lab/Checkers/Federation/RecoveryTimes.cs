using Cluster.Lab.Histories;

namespace Cluster.Lab.Checkers.Federation;

/// <summary>From the loss of a whole cluster to the first failover that was answered after it: what the region's clients waited.</summary>
internal static class RecoveryTimes
{
    /// <returns>How many losses were followed by one before the cluster was back, and the longest of these times.</returns>
    public static (int Losses, double LongestSeconds) Of(History history)
    {
        var times = new List<double>();
        var faults = history.Faults.OrderBy(fault => fault.At).ToList();
        foreach (var loss in faults.Where(fault => fault.Fault is "kill" or "power-loss" && fault.Target.Contains(',', StringComparison.Ordinal)))
        {
            var back = faults.Where(fault => fault.Ends == loss.Fault && fault.Target == loss.Target && fault.At > loss.At).Select(fault => fault.At).DefaultIfEmpty(long.MaxValue).Min();
            var taken = history.Operations.Where(operation => operation is { Op: "failover", Outcome: Outcome.Ok } && operation.Return > loss.At && operation.Return < back).Select(operation => operation.Return).DefaultIfEmpty(long.MaxValue).Min();
            if (taken < long.MaxValue)
            {
                times.Add((taken - loss.At) / 1e9);
            }
        }

        return (times.Count, times.DefaultIfEmpty(0).Max());
    }
}
