using Cluster.Lab.Histories;

namespace Cluster.Lab.Checkers.Contradictions;

/// <summary>How many increments, and by how much in all, stand before an instant.</summary>
internal sealed class RunningCount
{
    private readonly long[] at;
    private readonly decimal[] sum; // No sum of numbers of 64 bits overflows it.

    public RunningCount(IReadOnlyList<Operation> increments, Func<Operation, long> when)
    {
        var ordered = increments.OrderBy(when).ToList();
        at = [.. ordered.Select(when)];
        sum = new decimal[at.Length];
        decimal running = 0;
        for (var i = 0; i < sum.Length; i++)
        {
            sum[i] = running += KeyValueModel.Delta(ordered[i]);
        }
    }

    public (int Count, decimal Sum) Before(long time)
    {
        int low = 0, high = at.Length;
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = at[middle] < time ? (middle + 1, high) : (low, middle);
        }

        return (low, low == 0 ? 0 : sum[low - 1]);
    }
}
