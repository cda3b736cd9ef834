using Cluster.Lab.Benchmarks;
using FsCheck;
using FsCheck.Fluent;

namespace Cluster.Lab.Tests.Benchmarks;

/// <summary>The histogram against its dumb twin, a sorted list.</summary>
public class LatencyHistogramTests
{
    private static readonly double[] Percents = [0.1, 1, 25, 50, 90, 99, 99.9, 99.99, 100];

    [Fact]
    public void Every_quantile_is_the_exact_one_within_three_significant_digits()
    {
        // Lengths of bits, so that microseconds and minutes are as likely.
        var latencies = ArbMap.Default.ArbFor<uint>().Generator.Two().Select(pair => (((long)pair.Item1 << 32) | pair.Item2) & ((1L << (int)(pair.Item1 % 43)) - 1));
        Prop.ForAll(latencies.NonEmptyListOf().ToArbitrary(), values =>
        {
            var histogram = new LatencyHistogram();
            foreach (var value in values)
            {
                histogram.Record(value);
            }

            var sorted = values.Order().ToArray();
            foreach (var percent in Percents)
            {
                var exact = sorted[Math.Max(0, (int)Math.Ceiling((percent / 100 * sorted.Length) - 1e-6) - 1)];
                Assert.InRange(histogram.PercentileNs(percent), exact, exact + (exact / 1024));
            }

            Assert.Equal(sorted[^1], histogram.MaxNs);
            Assert.Equal(sorted.Length, histogram.Count);
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Two_added_are_one_that_recorded_both()
    {
        Prop.ForAll<int[], int[]>((left, right) =>
        {
            var (a, b, both) = (new LatencyHistogram(), new LatencyHistogram(), new LatencyHistogram());
            foreach (var value in left)
            {
                a.Record(value);
                both.Record(value);
            }

            foreach (var value in right)
            {
                b.Record(value);
                both.Record(value);
            }

            a.Add(b);
            Assert.Equal((both.Count, both.MaxNs, both.MeanNs, both.PercentileNs(50), both.PercentileNs(99)), (a.Count, a.MaxNs, a.MeanNs, a.PercentileNs(50), a.PercentileNs(99)));
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void What_is_longer_than_an_hour_counts_as_the_longest()
    {
        var histogram = new LatencyHistogram();

        histogram.Record(long.MaxValue);

        Assert.Equal((1L << 42) - 1, histogram.PercentileNs(50));
    }

    [Fact]
    public void Recording_allocates_nothing()
    {
        var histogram = new LatencyHistogram();
        histogram.Record(1);
        var before = GC.GetAllocatedBytesForCurrentThread();

        for (var value = 1L; value < 1L << 40; value *= 3)
        {
            histogram.Record(value);
        }

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }
}
