using System.Globalization;
using Cluster.Lab.Histories;

namespace Cluster.Lab.Checkers;

/// <summary>
/// Bounded staleness: a read may see an old value only for so long after another one had certainly replaced it. Also measures: the share of reads that were
/// stale, and their ages. Values must be unique within a key. A read is given the benefit of every doubt, so ages are lower bounds.
/// </summary>
/// <param name="bound">How old a value may be; zero asks that no read be certainly stale.</param>
public sealed class StalenessChecker(TimeSpan bound) : IChecker
{
    public string Name => "bounded staleness";

    public bool Understands(Operation operation) => operation.IsRead || operation is { Op: "write", Input: [not null] };

    public CheckResult Check(History history)
    {
        var evidence = new Evidence();
        var ages = new List<long>();
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
                var since = ReplacedAt(read, byValue, certain, replacedBy);
                if (since is not { } replaced || replaced >= read.Call)
                {
                    continue;
                }

                ages.Add(read.Call - replaced);
                if (read.Call - replaced > bound.Ticks * TimeSpan.NanosecondsPerTick)
                {
                    evidence.Add($"process {read.Process} read {(read.Output is null ? "nothing" : $"\"{read.Output}\"")} from {read.Key} at {Instant.Of(read.Call)}, {Milliseconds(read.Call - replaced)} after it had been replaced");
                }
            }
        }

        ages.Sort();
        var tooOld = ages.Count(age => age > bound.Ticks * TimeSpan.NanosecondsPerTick);
        var summary = ages.Count == 0
            ? $"{reads} reads, none certainly stale"
            : string.Create(CultureInfo.InvariantCulture, $"{reads} reads, {100.0 * ages.Count / reads:0.##} % stale, median age {Milliseconds(ages[ages.Count / 2])}, oldest {Milliseconds(ages[^1])}, {tooOld} over the bound of {bound.TotalMilliseconds:0.##} ms");
        return evidence.Conclude(Name, summary, tooOld > 0, doubt ?? (reads == 0 ? "nobody read" : null));
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

    private static string Milliseconds(long nanoseconds) => string.Create(CultureInfo.InvariantCulture, $"{nanoseconds / 1e6:0.#} ms");
}
