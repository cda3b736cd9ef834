using Cluster.Modes.EventDriven;

namespace Cluster.Modes.Tests.EventDriven;

/// <summary>One event of a key at a time, keys side by side, and what may be acknowledged.</summary>
public class LaneCoreTests
{
    [Fact]
    public void An_event_waits_for_the_one_before_it_of_its_key_and_for_no_other()
    {
        var lanes = new LaneCore(10);
        lanes.Begin(5);

        Assert.True(lanes.Add(5, "a"));
        Assert.True(lanes.Add(6, "b"));
        Assert.False(lanes.Add(7, "a"));
        Assert.Null(lanes.Done(6));
        Assert.Equal(7ul, lanes.Done(5));
    }

    [Fact]
    public void What_is_acknowledged_is_below_everything_that_is_not_through()
    {
        var lanes = new LaneCore(10);
        lanes.Begin(5);
        lanes.Add(5, "a");
        lanes.Add(6, "b");
        lanes.Skip(8);
        lanes.Done(6);
        Assert.Equal((5ul, 8ul), (lanes.Through, lanes.Next));

        lanes.Done(5);
        Assert.Equal(8ul, lanes.Through);
    }

    [Fact]
    public void Whatever_the_order_in_which_events_end_each_key_keeps_its_own_and_the_window_holds()
    {
        var random = new Random(1);
        var lanes = new LaneCore(16);
        lanes.Begin(0);
        var (underWay, ended, keys) = (new List<ulong>(), new List<ulong>(), new List<int>());
        for (ulong offset = 0; ended.Count < 500;)
        {
            if (lanes.Room > 0 && random.Next(2) == 0)
            {
                keys.Add(random.Next(5));
                if (lanes.Add(offset, $"k{keys[^1]}"))
                {
                    underWay.Add(offset);
                }

                offset++;
            }
            else if (underWay.Count > 0)
            {
                var done = underWay[random.Next(underWay.Count)];
                underWay.Remove(done);
                ended.Add(done);
                if (lanes.Done(done) is { } following)
                {
                    underWay.Add(following);
                }
            }

            Assert.Equal(underWay.Count, underWay.Select(at => keys[(int)at]).Distinct().Count());
            Assert.InRange(lanes.Room, 0, 16);
            Assert.True(lanes.Through <= (ulong)ended.Count, "more is through than has ended");
            Assert.DoesNotContain(underWay, at => at < lanes.Through);
        }

        Assert.All(ended.GroupBy(at => keys[(int)at]), key => Assert.Equal(key.Order(), key));
    }
}
