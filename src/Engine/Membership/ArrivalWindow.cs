namespace Cluster.Engine.Membership;

/// <summary>
/// The last so many inter-arrival times, with mean and standard deviation in constant time. Sums are kept in whole microseconds, so that they stay exact
/// however many samples pass through.
/// </summary>
internal sealed class ArrivalWindow(int capacity)
{
    private readonly long[] samples = new long[capacity];
    private int next;
    private long sum;
    private long sumOfSquares;

    public int Count { get; private set; }

    public double MeanMs => sum / (double)Count / 1_000;

    public double StdDeviationMs
    {
        get
        {
            var mean = sum / (double)Count;
            var variance = (sumOfSquares / (double)Count) - (mean * mean);
            return variance <= 0 ? 0 : Math.Sqrt(variance) / 1_000;
        }
    }

    /// <summary>Adds a sample, in place of the oldest when the window is full. Longer ones than <see cref="PhiAccrualOptions.LongestInterval"/> count as that.</summary>
    public void Add(TimeSpan interval)
    {
        var longest = PhiAccrualOptions.LongestInterval.Ticks / TimeSpan.TicksPerMicrosecond;
        var sample = Math.Clamp(interval.Ticks / TimeSpan.TicksPerMicrosecond, 0, longest);
        if (Count == samples.Length)
        {
            sum -= samples[next];
            sumOfSquares -= samples[next] * samples[next];
        }
        else
        {
            Count++;
        }

        samples[next] = sample;
        sum += sample;
        sumOfSquares += sample * sample;
        next = (next + 1) % samples.Length;
    }

    public void Clear()
    {
        (Count, next, sum, sumOfSquares) = (0, 0, 0, 0);
    }
}
