using Cluster.Modes.MultiMaster;

namespace Cluster.Modes.Tests.MultiMaster;

public class HybridClockTests
{
    /// <summary>The rules of Kulkarni et al. 2014, section 3.3: one node's clock is at 10, the others' at 0, and a message runs through all of them.</summary>
    /// <summary>A client's token may say so: what is written with it is later all the same.</summary>
    [Fact]
    public void A_count_that_is_used_up_goes_on_with_the_next_millisecond()
    {
        var clock = new HybridClock();
        var most = new HybridTimestamp(1_000, int.MaxValue);
        clock.Saw(most);
        Assert.True(clock.Next(900) > most, $"{clock.Last}");
        Assert.Equal(clock.Last, HybridTimestamp.TryParse($"{clock.Last}"));
    }

    [Fact]
    public void A_time_from_ahead_is_counted_up_until_the_wall_has_caught_up()
    {
        var (one, two, three) = (new HybridClock(), new HybridClock(), new HybridClock());

        Assert.Equal(new HybridTimestamp(10, 0), one.Next(10));
        two.Saw(one.Last);
        Assert.Equal(new HybridTimestamp(10, 1), two.Next(1));
        Assert.Equal(new HybridTimestamp(10, 2), two.Next(2));
        three.Saw(two.Last);
        Assert.Equal(new HybridTimestamp(10, 3), three.Next(2));
        Assert.Equal(new HybridTimestamp(10, 4), three.Next(3));
        Assert.Equal(new HybridTimestamp(13, 0), one.Next(13));
    }

    [Fact]
    public void A_wall_clock_that_goes_back_takes_the_time_with_it_only_where_it_is_trusted()
    {
        var (hybrid, wall) = (new HybridClock(), new HybridClock(trustsWallClock: true));

        var (earlier, later) = (hybrid.Next(5_000), hybrid.Next(3_000));
        Assert.True(later > earlier);
        (earlier, later) = (wall.Next(5_000), wall.Next(3_000));
        Assert.True(later < earlier);
    }

    [Fact]
    public void It_is_no_further_from_the_wall_than_the_clocks_are_from_each_other()
    {
        var clocks = new[] { new HybridClock(), new HybridClock(), new HybridClock() };
        long[] skews = [0, 40, -35];
        var random = new Random(3);
        for (var now = 1_000L; now < 4_000; now += random.Next(3))
        {
            var (from, to) = (random.Next(3), random.Next(3));
            var stamp = clocks[from].Next(now + skews[from]);
            clocks[to].Saw(stamp);
            Assert.InRange(stamp.Ms - (now + skews[from]), 0, 75);
        }
    }

    [Theory]
    [InlineData("1.2", 1L, 2)]
    [InlineData("1764536557123.0", 1764536557123L, 0)]
    public void Its_text_reads_back(string text, long ms, int count)
    {
        Assert.Equal(new HybridTimestamp(ms, count), HybridTimestamp.TryParse(text));
        Assert.Equal(text, new HybridTimestamp(ms, count).ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("1")]
    [InlineData("-1.0")]
    [InlineData("1.x")]
    [InlineData("1.99999999999")]
    public void What_is_no_time_is_none(string text) => Assert.Null(HybridTimestamp.TryParse(text));
}
