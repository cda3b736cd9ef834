using Cluster.Engine.Simulation;

namespace Cluster.Engine.Tests.Simulation;

/// <summary>The clock that moves only when told to.</summary>
public sealed class VirtualTimeTests
{
    private readonly VirtualTime time = new();
    private readonly List<string> log = [];

    [Fact]
    public void Timers_fire_in_the_order_they_are_due_and_within_an_instant_in_the_order_they_were_set()
    {
        Set("c", 3);
        Set("a", 1);
        Set("b", 1);
        time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(["a at 1", "b at 1", "c at 3"], log);
        Assert.Equal(TimeSpan.FromSeconds(5), time.GetElapsedTime(0));
    }

    [Fact]
    public void A_timer_set_by_a_timer_fires_in_the_same_advance_if_it_is_due()
    {
        time.CreateTimer(_ => Set("inner", 1), null, TimeSpan.FromSeconds(1), Timeout.InfiniteTimeSpan);
        time.Advance(TimeSpan.FromSeconds(3));
        Assert.Equal(["inner at 2"], log);
    }

    [Fact]
    public void A_disposed_or_changed_timer_keeps_to_its_last_word()
    {
        Set("gone", 1).Dispose();
        Set("later", 1).Change(TimeSpan.FromSeconds(4), Timeout.InfiniteTimeSpan);
        time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(["later at 4"], log);
        Assert.Null(time.NextDue);
    }

    [Fact]
    public void Settling_happens_at_every_instant_before_time_moves_on()
    {
        Set("a", 1);
        Set("b", 2);
        time.Advance(TimeSpan.FromSeconds(2), () => log.Add($"settle at {Seconds}"));
        Assert.Equal(["settle at 0", "a at 1", "settle at 1", "b at 2", "settle at 2"], log);
    }

    [Fact]
    public async Task Delays_of_the_base_library_follow_it()
    {
        var delay = Task.Delay(TimeSpan.FromHours(1), time);
        time.Advance(TimeSpan.FromMinutes(59));
        Assert.False(delay.IsCompleted);
        time.Advance(TimeSpan.FromMinutes(1));
        await delay.WaitAsync(TimeSpan.FromSeconds(10));
    }

    private double Seconds => time.GetElapsedTime(0).TotalSeconds;

    private ITimer Set(string name, double seconds) =>
        time.CreateTimer(_ => log.Add($"{name} at {Seconds}"), null, TimeSpan.FromSeconds(seconds), Timeout.InfiniteTimeSpan);
}
