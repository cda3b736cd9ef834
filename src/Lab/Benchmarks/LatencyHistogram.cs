using System.Numerics;

namespace Cluster.Lab.Benchmarks;

/// <summary>
/// Latencies in nanoseconds, counted in log-linear buckets as HdrHistogram does (Tene): any value from 1 ns to over an hour is kept with three significant digits, that
/// is within one part in 1,024. Recording allocates nothing and touches one counter. One writer at a time.
/// </summary>
public sealed class LatencyHistogram
{
    /// <summary>Values below this are exact; above, each power of two is cut into half as many buckets, which gives three significant digits.</summary>
    private const int ExactValues = 2048;

    private const int BucketsPerPower = ExactValues / 2;
    private const int BucketBits = 10;

    /// <summary>2^42 ns is 73 minutes: no operation of a benchmark waits longer, and one that did counts as that long.</summary>
    private const int MaxPower = 42;

    private const long MaxRecordable = (1L << MaxPower) - 1;

    private readonly long[] counts = new long[ExactValues + ((MaxPower - BucketBits - 1) * BucketsPerPower)];
    private double sum;

    public long Count { get; private set; }

    /// <summary>The longest recorded, exactly; 0 when nothing is.</summary>
    public long MaxNs { get; private set; }

    public double MeanNs => Count == 0 ? 0 : sum / Count;

    /// <summary>Below 0, as after a clock that stepped, counts as 0.</summary>
    public void Record(long nanoseconds)
    {
        var value = Math.Clamp(nanoseconds, 0, MaxRecordable);
        counts[IndexOf(value)]++;
        Count++;
        sum += value;
        MaxNs = Math.Max(MaxNs, value);
    }

    public void Add(LatencyHistogram other)
    {
        for (var i = 0; i < counts.Length; i++)
        {
            counts[i] += other.counts[i];
        }

        Count += other.Count;
        sum += other.sum;
        MaxNs = Math.Max(MaxNs, other.MaxNs);
    }

    /// <summary>
    /// The latency that this share of all operations did not exceed, by nearest rank: the top of the bucket it lies in, so never less than the true quantile and over it by
    /// less than one part in 1,024. 0 when nothing is recorded.
    /// </summary>
    /// <param name="percent">Over 0, up to 100.</param>
    public long PercentileNs(double percent)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(percent);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(percent, 100);
        // A millionth less, or 99.9 % of 1,000 would by rounding be the 1,000th.
        var rank = Math.Max(1, (long)Math.Ceiling((percent / 100 * Count) - 1e-6));
        long seen = 0;
        for (var i = 0; i < counts.Length; i++)
        {
            seen += counts[i];
            if (seen >= rank && counts[i] > 0)
            {
                return Math.Min(TopOf(i), MaxNs);
            }
        }

        return MaxNs;
    }

    private static int IndexOf(long value)
    {
        if (value < ExactValues)
        {
            return (int)value;
        }

        var shift = BitOperations.Log2((ulong)value) - BucketBits;
        return ExactValues + ((shift - 1) * BucketsPerPower) + (int)((value >> shift) - BucketsPerPower);
    }

    /// <summary>The largest value that this bucket counts.</summary>
    private static long TopOf(int index)
    {
        if (index < ExactValues)
        {
            return index;
        }

        var (power, within) = Math.DivRem(index - ExactValues, BucketsPerPower);
        var shift = power + 1;
        return ((long)(within + BucketsPerPower + 1) << shift) - 1;
    }
}
