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
        var staleness = Staleness.Of(history);
        var limit = bound.Ticks * TimeSpan.NanosecondsPerTick;
        var tooOld = staleness.Stale.Where(stale => stale.Age > limit).ToList();
        foreach (var (read, age) in tooOld)
        {
            evidence.Add($"process {read.Process} read {(read.Output is null ? "nothing" : $"\"{read.Output}\"")} from {read.Key} at {Instant.Of(read.Call)}, {Milliseconds(age)} after it had been replaced");
        }

        var summary = staleness.Stale.Count == 0
            ? $"{staleness.Reads} reads, none certainly stale"
            : string.Create(CultureInfo.InvariantCulture, $"{staleness.Reads} reads, {100.0 * staleness.Share:0.##} % stale, median age {Milliseconds(staleness.AgePercentile(50))}, oldest {Milliseconds(staleness.AgePercentile(100))}, {tooOld.Count} over the bound of {bound.TotalMilliseconds:0.##} ms");
        return evidence.Conclude(Name, summary, tooOld.Count > 0, staleness.Doubt ?? (staleness.Reads == 0 ? "nobody read" : null));
    }

    private static string Milliseconds(long nanoseconds) => string.Create(CultureInfo.InvariantCulture, $"{nanoseconds / 1e6:0.#} ms");
}
