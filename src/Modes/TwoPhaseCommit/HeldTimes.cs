using System.Collections.Immutable;
using System.Numerics;
using System.Text.Json.Serialization;

namespace Cluster.Modes.TwoPhaseCommit;

/// <summary>How long ledgers were locked: counts by powers of two of a millisecond, and the longest. A percentile is right to a factor of two.</summary>
/// <param name="Counts">At i: those of at least 2^(i-1) and less than 2^i ms; at 0: those of less than one.</param>
public sealed record HeldTimes(ImmutableArray<long> Counts, long LongestMs)
{
    /// <summary>The last one holds everything from about a day.</summary>
    private const int Buckets = 28;

    public static HeldTimes None { get; } = new([.. new long[Buckets]], 0);

    [JsonIgnore]
    public long Total => Counts.Sum();

    public HeldTimes Add(long ms)
    {
        var bucket = ms <= 0 ? 0 : Math.Min(Buckets - 1, BitOperations.Log2((ulong)ms) + 1);
        return new HeldTimes(Counts.SetItem(bucket, Counts[bucket] + 1), Math.Max(LongestMs, ms));
    }

    public HeldTimes Add(HeldTimes other) => new([.. Counts.Zip(other.Counts, (one, two) => one + two)], Math.Max(LongestMs, other.LongestMs));

    /// <summary>So many of a hundred were shorter than this, in milliseconds: the end of their power of two, or the longest.</summary>
    public long Percentile(double percent)
    {
        var rank = (long)Math.Ceiling(Total * percent / 100);
        var seen = 0L;
        for (var bucket = 0; bucket < Counts.Length; bucket++)
        {
            seen += Counts[bucket];
            if (seen >= rank && seen > 0)
            {
                return Math.Min(1L << bucket, LongestMs);
            }
        }

        return 0;
    }
}
