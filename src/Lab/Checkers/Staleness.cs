using Cluster.Lab.Histories;

namespace Cluster.Lab.Checkers;

/// <summary>
/// How old the values were that a history's reads saw: for each read that was certainly stale, how long its value had certainly been replaced. Values must be unique within a key. A read is given the
/// benefit of every doubt, so ages are lower bounds.
/// </summary>
/// <param name="Reads">That were answered and can be judged.</param>
/// <param name="Stale">Those that were certainly stale, with their ages in nanoseconds.</param>
/// <param name="Doubt">Why some of them cannot be judged; null where all can.</param>
public sealed record Staleness(int Reads, IReadOnlyList<(Operation Read, long Age)> Stale, string? Doubt)
{
    /// <summary>Of all reads, the share that was certainly stale, from 0 to 1; 0 where nobody read.</summary>
    public double Share => Reads == 0 ? 0 : (double)Stale.Count / Reads;

    /// <summary>The age that so many percent of the stale reads did not exceed, in nanoseconds; 0 where none was stale.</summary>
    public long AgePercentile(double percent)
    {
        if (Stale.Count == 0)
        {
            return 0;
        }

        long[] ages = [.. Stale.Select(stale => stale.Age).Order()];
        return ages[Math.Clamp((int)Math.Ceiling(percent / 100 * ages.Length) - 1, 0, ages.Length - 1)];
    }

    public static Staleness Of(History history)
    {
        var stale = new List<(Operation Read, long Age)>();
        var reads = 0;
        string? doubt = null;
        foreach (var key in history.Operations.GroupBy(operation => operation.Key).OrderBy(key => key.Key, StringComparer.Ordinal))
        {
            var writes = key.Where(operation => operation.Op == "write" && operation.Outcome != Outcome.Fail).ToList();
            if (writes.GroupBy(write => write.Input[0]).FirstOrDefault(group => group.Count() > 1) is { } twice)
            {
                doubt = $"\"{twice.Key}\" was written twice to {key.Key}: whose write a read saw cannot be told";
                continue;
            }

            var certain = writes.Where(write => write.Outcome == Outcome.Ok).OrderBy(write => write.Call).ToArray();
            var replacedBy = FirstReturnFrom(certain);
            var byValue = writes.ToDictionary(write => write.Input[0]!, StringComparer.Ordinal);
            foreach (var read in key.Where(operation => operation is { IsRead: true, Outcome: Outcome.Ok }))
            {
                reads++;
                if (ReplacedAt(read, byValue, certain, replacedBy) is { } replaced && replaced < read.Call)
                {
                    stale.Add((read, read.Call - replaced));
                }
            }
        }

        return new Staleness(reads, stale, doubt);
    }
    /// <summary>When the value that was read had certainly been replaced; null if never. A value that nobody is known to have written is older than all.</summary>
    private static long? ReplacedAt(Operation read, Dictionary<string, Operation> byValue, Operation[] certain, long[] replacedBy)
    {
        var after = long.MinValue;
        if (read.Output is not null && byValue.TryGetValue(read.Output, out var writer))
        {
            if (writer.Outcome == Outcome.Info)
            {
                return null; // It may have taken effect as late as this read.
            }

            after = writer.Return;
        }

        int low = 0, high = certain.Length;
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = certain[middle].Call <= after ? (middle + 1, high) : (low, middle);
        }

        return low < certain.Length ? replacedBy[low] : null;
    }

    /// <summary>For each write: the earliest return among it and those called later.</summary>
    private static long[] FirstReturnFrom(Operation[] certain)
    {
        var first = new long[certain.Length];
        var earliest = long.MaxValue;
        for (var i = certain.Length - 1; i >= 0; i--)
        {
            first[i] = earliest = Math.Min(earliest, certain[i].Return);
        }

        return first;
    }
}
