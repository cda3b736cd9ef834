using Cluster.Lab.Comparison;
using Cluster.Lab.Histories;
using Cluster.Shared.Scenarios;

namespace Cluster.Lab.Tests.Comparison;

/// <summary>What a fault did to each side, from the history alone.</summary>
public sealed class SideAvailabilityTests
{
    private const long Second = 1_000_000_000;

    private static readonly FaultWindow Cut = new("cut a node off", FaultType.Cut, "n3", 10 * Second, 14 * Second);

    [Fact]
    public void Each_side_is_counted_for_itself_and_only_while_the_fault_lasts()
    {
        var measure = SideAvailability.Of(Cut, History(Op("n1", 11, Outcome.Ok), Op("n2", 12, Outcome.Ok), Op("n3", 11, Outcome.Fail), Op("n3", 12, Outcome.Info), Op("n3", 9, Outcome.Ok), Op("n3", 15, Outcome.Ok)));
        Assert.Equal(0, measure.Struck);
        Assert.Equal(1, measure.Others);
        Assert.Equal(0, measure.RecoveredAfterSeconds);
    }

    [Fact]
    public void The_others_have_recovered_when_their_last_refused_operation_has_ended()
    {
        var measure = SideAvailability.Of(Cut, History(Op("n1", 11, Outcome.Fail), Op("n2", 12, Outcome.Info), Op("n1", 12.9, Outcome.Ok), Op("n2", 13.5, Outcome.Ok)));
        Assert.Equal(0.5, measure.Others);
        Assert.Equal(2.01, measure.RecoveredAfterSeconds!.Value, 3);
    }

    /// <summary>It did not fail, for its client was patient: it is no less what the fault did.</summary>
    [Fact]
    public void An_answer_that_was_held_up_counts_as_long_as_it_took()
    {
        var measure = SideAvailability.Of(Cut, History(Op("n1", 9.8, Outcome.Ok, took: 0.9), Op("n2", 11, Outcome.Ok), Op("n3", 12, Outcome.Ok, took: 1)));
        Assert.Equal(1, measure.Others);
        Assert.Equal(0.7, measure.RecoveredAfterSeconds!.Value, 3);
    }

    [Fact]
    public void Who_is_still_refused_near_the_end_has_not_recovered() =>
        Assert.Null(SideAvailability.Of(Cut, History(Op("n1", 11, Outcome.Ok), Op("n1", 13.9, Outcome.Fail))).RecoveredAfterSeconds);

    [Fact]
    public void A_side_that_nobody_asked_has_no_share_and_a_dead_node_none_either()
    {
        Assert.Null(SideAvailability.Of(Cut, History(Op("n1", 11, Outcome.Ok))).Struck);
        Assert.Null(SideAvailability.Of(Cut with { Kind = FaultType.Kill }, History(Op("n3", 11, Outcome.Fail))).Struck);
    }

    private static History History(params Operation[] operations) => new(operations, []);

    private static Operation Op(string node, double at, Outcome outcome, double took = 0.01) => new(1, "write", "k", ["v"], (long)(at * Second), (long)((at + took) * Second), outcome, null, node);
}
