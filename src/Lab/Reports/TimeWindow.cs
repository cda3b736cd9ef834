using Cluster.Lab.Histories;

namespace Cluster.Lab.Reports;

/// <summary>What was answered in one stretch of time: counts by outcome, and the latency of what was answered, in nanoseconds. Operations count where they returned.</summary>
internal sealed record TimeWindow(long Start, int Ok, int Failed, int Unknown, long Median, long P95, long P99, long Slowest)
{
    /// <summary>As many as a plot can show.</summary>
    private const int MaxWindows = 200;

    /// <summary>Widths that people count in, in nanoseconds.</summary>
    private static readonly long[] Widths = [10_000_000, 20_000_000, 50_000_000, 100_000_000, 200_000_000, 500_000_000, 1_000_000_000];

    /// <summary>Windows of one width from the beginning of the history to its end, empty ones too.</summary>
    /// <param name="least">No narrower than that: for a part of a history that is to be compared with the whole.</param>
    public static (long Width, IReadOnlyList<TimeWindow> Windows) Of(IReadOnlyList<Operation> operations, long least = 0)
    {
        var ended = operations.Where(operation => operation.Return != long.MaxValue).ToList();
        if (ended.Count == 0)
        {
            return (Widths[0], []);
        }

        var (first, last) = (operations.Min(operation => operation.Call), ended.Max(operation => operation.Return));
        var width = Widths.FirstOrDefault(width => width >= least && (last - first) / width < MaxWindows, Math.Max(least, ((last - first) / MaxWindows / Widths[^1] * Widths[^1]) + Widths[^1]));
        var windows = new List<Operation>[((last - first) / width) + 1];
        foreach (var operation in ended)
        {
            (windows[(operation.Return - first) / width] ??= []).Add(operation);
        }

        return (width, [.. windows.Select((window, number) => Summary(first + (number * width), window ?? []))]);
    }

    private static TimeWindow Summary(long start, List<Operation> operations)
    {
        var latencies = operations.Where(operation => operation.Outcome == Outcome.Ok).Select(operation => operation.Return - operation.Call).Order().ToArray();
        return new TimeWindow(
            start,
            latencies.Length,
            operations.Count(operation => operation.Outcome == Outcome.Fail),
            operations.Count(operation => operation.Outcome == Outcome.Info),
            Quantile(latencies, 0.5),
            Quantile(latencies, 0.95),
            Quantile(latencies, 0.99),
            latencies.Length == 0 ? 0 : latencies[^1]);
    }

    /// <summary>The smallest value that at least the given share does not exceed; 0 of nothing.</summary>
    internal static long Quantile(long[] sorted, double share) => sorted.Length == 0 ? 0 : sorted[Math.Max(0, (int)Math.Ceiling(share * sorted.Length) - 1)];
}
