using Cluster.Engine.Clocks;
using Cluster.Engine.Port;
using Cluster.Engine.Simulation;

namespace Cluster.Engine.Tests.Clocks;

/// <summary>A clock that is wrong as told: its wall clock jumps and drifts, its monotonic clock never goes back, and timers keep to it through every change.</summary>
public sealed class SkewedTimeTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly VirtualTime real = new();
    private readonly SkewedTime time;

    public SkewedTimeTests() => time = new SkewedTime(real);

    [Fact]
    public void Untouched_it_shows_what_the_clock_beneath_shows()
    {
        real.Advance(12345 * Second);
        Assert.Equal((real.GetUtcNow(), real.GetTimestamp(), real.TimestampFrequency), (time.GetUtcNow(), time.GetTimestamp(), time.TimestampFrequency));
    }

    [Fact]
    public void Skew_moves_the_wall_clock_and_leaves_the_monotonic_one()
    {
        real.Advance(Second);
        time.Set(-3 * Second, 1);
        Assert.Equal(real.GetUtcNow() - (3 * Second), time.GetUtcNow());
        Assert.Equal(real.Elapsed(), time.Elapsed());
    }

    [Fact]
    public void A_rate_drives_both_clocks_apart_and_healing_sets_only_the_wall_clock_right()
    {
        time.Set(Second, 1.5);
        real.Advance(10 * Second);
        Assert.Equal(15 * Second, time.Elapsed());
        Assert.Equal(real.GetUtcNow() + (6 * Second), time.GetUtcNow());

        time.Set(TimeSpan.Zero, 1);
        Assert.Equal(15 * Second, time.Elapsed());
        Assert.Equal(real.GetUtcNow(), time.GetUtcNow());
        real.Advance(Second);
        Assert.Equal(16 * Second, time.Elapsed());
        Assert.Equal(real.GetUtcNow(), time.GetUtcNow());
    }

    [Theory]
    [InlineData(0.5, 4)]
    [InlineData(1, 2)]
    [InlineData(2, 1)]
    public void Timers_fire_by_its_rate(double rate, int realSeconds)
    {
        var fired = 0;
        time.Set(TimeSpan.Zero, rate);
        using var timer = time.CreateTimer(_ => fired++, null, 2 * Second, 2 * Second);
        real.Advance((realSeconds * Second) - TimeSpan.FromMilliseconds(1));
        Assert.Equal(0, fired);
        real.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(1, fired);
        real.Advance(3 * realSeconds * Second);
        Assert.Equal(4, fired);
    }

    [Fact]
    public void A_timer_that_was_set_before_keeps_to_the_clock_when_its_rate_changes()
    {
        TimeSpan? firedAt = null;
        using var timer = time.CreateTimer(_ => firedAt = time.Elapsed(), null, 10 * Second, Timeout.InfiniteTimeSpan);
        real.Advance(2 * Second);
        time.Set(TimeSpan.Zero, 2);
        real.Advance(3 * Second);
        Assert.Null(firedAt);
        time.Set(TimeSpan.Zero, 0.5);
        real.Advance(4 * Second);
        Assert.Equal(10 * Second, firedAt);
    }

    [Fact]
    public void A_timer_can_be_changed_stopped_and_disposed()
    {
        var fired = 0;
        time.Set(TimeSpan.Zero, 2);
        var timer = time.CreateTimer(_ => fired++, null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        real.Advance(10 * Second);
        Assert.Equal(0, fired);
        Assert.True(timer.Change(Second, Timeout.InfiniteTimeSpan));
        real.Advance(10 * Second);
        Assert.Equal(1, fired);
        timer.Change(Second, Second);
        timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        time.Set(TimeSpan.Zero, 0.5);
        real.Advance(10 * Second);
        Assert.Equal(1, fired);
        timer.Change(Second, Second);
        timer.Dispose();
        time.Set(TimeSpan.Zero, 1);
        real.Advance(10 * Second);
        Assert.Equal(1, fired);
    }

    [Theory]
    [InlineData(0.49)]
    [InlineData(2.01)]
    [InlineData(double.NaN)]
    public void A_rate_out_of_bounds_is_refused(double rate) => Assert.Throws<ArgumentOutOfRangeException>(() => time.Set(TimeSpan.Zero, rate));

    [Fact]
    public void A_skew_out_of_bounds_is_refused() => Assert.Throws<ArgumentOutOfRangeException>(() => time.Set(SkewedTime.SkewMax + Second, 1));

    [Fact]
    public async Task The_monotonic_clock_never_goes_back_while_others_change_its_rate()
    {
        var wild = new SkewedTime(TimeProvider.System);
        var over = false;
        var readers = Enumerable.Range(0, 2).Select(_ => Task.Run(() =>
        {
            var last = wild.GetTimestamp();
            while (!Volatile.Read(ref over))
            {
                var now = wild.GetTimestamp();
                Assert.True(now >= last, $"{last}, then {now}");
                last = now;
            }
        })).ToArray();
        var random = new Random(1);
        for (var i = 0; i < 200_000 && !readers.Any(reader => reader.IsCompleted); i++)
        {
            wild.Set(TimeSpan.FromSeconds(random.Next(-100, 100)), random.Next(2) == 0 ? SkewedTime.RateMax : SkewedTime.RateMin);
        }

        Volatile.Write(ref over, true);
        await Task.WhenAll(readers);
    }

    [Fact]
    public async Task Real_timers_never_fire_before_it_shows_their_time()
    {
        var wild = new SkewedTime(TimeProvider.System);
        wild.Set(TimeSpan.Zero, 1.7);
        for (var i = 0; i < 20; i++)
        {
            var start = wild.GetTimestamp();
            await Task.Delay(TimeSpan.FromMilliseconds(5), wild, TestContext.Current.CancellationToken);
            Assert.True(wild.GetElapsedTime(start) >= TimeSpan.FromMilliseconds(5), $"after {wild.GetElapsedTime(start)}");
        }
    }
}
