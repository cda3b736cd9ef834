using Cluster.Modes.CircuitBreaker;

namespace Cluster.Modes.Tests.CircuitBreaker;

/// <summary>The two windows count as lists would that are searched from the beginning each time.</summary>
public class CallWindowTests
{
    [Fact]
    public void A_window_of_calls_counts_the_last_ones_as_a_list_does()
    {
        var random = new Random(1);
        var (window, list) = (new CountWindow(7), new List<(bool Failed, bool Slow)>());
        for (var call = 0; call < 2_000; call++)
        {
            list.Add((random.Next(3) == 0, random.Next(2) == 0));
            window.Add(list[^1].Failed, list[^1].Slow, TimeSpan.Zero);
            var last = list.TakeLast(7).ToList();

            Assert.Equal(new WindowCounts(last.Count, last.Count(one => one.Failed), last.Count(one => one.Slow)), window.Counts(TimeSpan.Zero));
        }
    }

    [Fact]
    public void A_window_of_time_counts_the_calls_of_its_buckets_as_a_list_does()
    {
        var random = new Random(2);
        var (window, list) = (new TimeWindow(TimeSpan.FromSeconds(1)), new List<(TimeSpan At, bool Failed, bool Slow)>());
        for (var (call, now) = (0, TimeSpan.FromHours(3)); call < 2_000; call++)
        {
            now += TimeSpan.FromMilliseconds(random.Next(20) == 0 ? random.Next(3_000) : random.Next(60));
            list.Add((now, random.Next(3) == 0, random.Next(2) == 0));
            window.Add(list[^1].Failed, list[^1].Slow, now);
            var oldest = (now.Ticks / TimeSpan.TicksPerMillisecond / 100) - 9;
            var within = list.Where(one => one.At.Ticks / TimeSpan.TicksPerMillisecond / 100 >= oldest).ToList();

            Assert.Equal(new WindowCounts(within.Count, within.Count(one => one.Failed), within.Count(one => one.Slow)), window.Counts(now));
        }
    }

    [Fact]
    public void A_breaker_over_time_forgets_failures_that_are_long_ago()
    {
        var breaker = new BreakerCore(new BreakerOptions { Window = WindowKind.Time, WindowLength = TimeSpan.FromSeconds(1), MinimumCalls = 4 });
        for (var (call, now) = (0, TimeSpan.FromSeconds(5)); call < 20; call++, now += TimeSpan.FromMilliseconds(400))
        {
            breaker.Ended(breaker.TryEnter(now), CallEnd.Failed, TimeSpan.Zero, now);
        }

        Assert.Equal(BreakerState.Closed, breaker.State);
    }
}
