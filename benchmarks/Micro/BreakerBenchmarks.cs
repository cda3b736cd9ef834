using BenchmarkDotNet.Attributes;
using Cluster.Modes.CircuitBreaker;

namespace Cluster.Benchmarks.Micro;

/// <summary>A call of some work by itself, and the same call behind a closed breaker: the difference is what the breaker adds. Both are measured in one run, so the ratio holds on any machine.</summary>
public class BreakerBenchmarks
{
    private readonly BreakerCore byCalls = new(new BreakerOptions());
    private readonly BreakerCore byTime = new(new BreakerOptions { Window = WindowKind.Time });
    private readonly byte[] work = new byte[256];
    private TimeSpan now = TimeSpan.FromSeconds(1);

    [Benchmark(Baseline = true)]
    public uint Bare() => BreakerCost.Work(work);

    [Benchmark]
    public uint BehindBreakerByCalls() => Behind(byCalls);

    [Benchmark]
    public uint BehindBreakerByTime() => Behind(byTime);

    private uint Behind(BreakerCore breaker)
    {
        now += TimeSpan.FromTicks(100);
        var permit = breaker.TryEnter(now);
        if (!permit.IsAllowed)
        {
            throw new InvalidOperationException("the breaker has opened");
        }

        var result = BreakerCost.Work(work);
        breaker.Ended(permit, CallEnd.Answered, TimeSpan.FromMicroseconds(1), now);
        return result;
    }
}
