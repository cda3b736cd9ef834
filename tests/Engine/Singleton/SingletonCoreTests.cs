using Cluster.Engine.ControlPlane;
using Cluster.Engine.Singleton;
using Cluster.Shared.Ids;

namespace Cluster.Engine.Tests.Singleton;

/// <summary>When one node may run a singleton: only under a lease, and only once those before it have ended.</summary>
public class SingletonCoreTests
{
    private static readonly SingletonOptions Options = new();
    private static readonly ControlSingleton First = new("clock", new NodeId(1), 10, NodeId.None, 0);
    private static readonly ControlSingleton Moved = new("clock", new NodeId(2), 20, new NodeId(1), 10);
    private readonly SingletonCore core = new(Options);

    [Fact]
    public void A_placement_alone_starts_nothing_a_lease_does()
    {
        core.Placed(First, here: true, At(0));
        Assert.Null(core.Step(At(0)));
        core.Granted(10, At(0));
        var started = Assert.IsType<StartSingleton>(core.Step(At(0.1)));
        Assert.Equal(10UL, started.Epoch);
        Assert.True(started.Lease.Holds(At(1.9)));
        Assert.False(started.Lease.Holds(At(2)));
    }

    [Fact]
    public void A_lease_of_another_epoch_is_none()
    {
        core.Placed(First, here: true, At(0));
        core.Granted(9, At(0));
        Assert.Null(core.Step(At(0)));
    }

    [Fact]
    public void Out_of_touch_for_a_lease_it_stops_and_back_in_touch_it_starts_again()
    {
        RunFirst();
        core.Granted(10, At(1));
        Assert.Null(core.Step(At(2.9)));
        Assert.IsType<StopSingleton>(core.Step(At(3)));
        Assert.Null(core.Step(At(3.1)));
        core.Granted(10, At(3.1));
        Assert.Null(core.Step(At(3.2))); // The old life has not stopped yet.
        core.Stopped();
        Assert.IsType<StartSingleton>(core.Step(At(3.3)));
    }

    [Fact]
    public void A_renewal_that_comes_late_counts_from_when_it_was_asked_for()
    {
        RunFirst();
        core.Granted(10, At(0.5));
        Assert.IsType<StopSingleton>(core.Step(At(2.5)));
    }

    [Fact]
    public void A_move_away_stops_it()
    {
        RunFirst();
        core.Placed(Moved, here: false, At(1));
        Assert.IsType<StopSingleton>(core.Step(At(1)));
    }

    [Fact]
    public void The_next_node_waits_a_lease_out_when_the_one_before_does_not_answer()
    {
        core.Placed(Moved, here: true, At(0));
        core.Granted(20, At(0));
        Assert.Equal(new AskHandOver(new NodeId(1), 20, 10), core.Step(At(0)));
        Assert.Null(core.Step(At(0.1)));
        Assert.IsType<AskHandOver>(core.Step(At(0.2)));
        core.Granted(20, At(1.5));
        Assert.IsType<AskHandOver>(core.Step(At(2.2)));
        core.Granted(20, At(2.2));
        Assert.IsType<StartSingleton>(core.Step(Options.TakeoverWait));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_clean_hand_over_ends_the_wait_and_an_unclean_one_does_not(bool clean)
    {
        core.Placed(Moved, here: true, At(0));
        core.Granted(20, At(0));
        core.HandedOver(20, clean);
        Assert.Equal(clean, core.Step(At(0)) is StartSingleton);
    }

    [Fact]
    public void Who_gave_it_up_does_not_start_it_again_even_with_a_lease_left()
    {
        RunFirst();
        core.Granted(10, At(1));
        core.GiveUp(20);
        Assert.IsType<StopSingleton>(core.Step(At(1)));
        core.Stopped();
        Assert.Null(core.Step(At(1.1)));
        Assert.True(core.WasCleared(10));
    }

    [Fact]
    public void Who_was_never_cleared_says_so()
    {
        core.Placed(Moved, here: true, At(0));
        core.Granted(20, At(0));
        core.Step(At(0));
        core.GiveUp(30);
        Assert.Equal(0UL, core.Running);
        Assert.False(core.WasCleared(20));
    }

    [Fact]
    public void Options_that_cannot_be_safe_are_refused()
    {
        Assert.Throws<ArgumentException>(() => new SingletonOptions { Margin = TimeSpan.FromSeconds(2) }.Validate());
        Assert.Throws<ArgumentException>(() => new SingletonOptions { RenewInterval = TimeSpan.FromSeconds(2) }.Validate());
    }

    private void RunFirst()
    {
        core.Placed(First, here: true, At(0));
        core.Granted(10, At(0));
        Assert.IsType<StartSingleton>(core.Step(At(0)));
    }

    private static TimeSpan At(double seconds) => TimeSpan.FromSeconds(seconds);
}
