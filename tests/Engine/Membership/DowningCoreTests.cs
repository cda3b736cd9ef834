using Cluster.Engine.Membership;
using Cluster.Engine.Tests.ControlPlane;
using Cluster.Shared.Ids;
using Cluster.Shared.Wire;

namespace Cluster.Engine.Tests.Membership;

public class DowningCoreTests
{
    private static readonly TimeSpan Now = TimeSpan.FromMinutes(10);
    private static readonly DowningOptions AfterAMinute = new() { DownAfter = TimeSpan.FromMinutes(1) };

    [Fact]
    public void By_default_nobody_is_ever_marked_down()
    {
        Assert.Empty(Decide(members: 5, new DowningOptions(), silentFor: TimeSpan.FromDays(1), silent: [5]));
    }

    [Fact]
    public void One_silent_for_long_enough_is_marked_down()
    {
        Assert.Empty(Decide(members: 5, AfterAMinute, silentFor: TimeSpan.FromSeconds(59), silent: [5]));
        Assert.Equal([new NodeId(5)], Decide(members: 5, AfterAMinute, silentFor: TimeSpan.FromSeconds(60), silent: [5]));
    }

    [Fact]
    public void A_leader_without_a_majority_marks_nobody()
    {
        Assert.Empty(Decide(members: 5, AfterAMinute, TimeSpan.FromHours(1), silent: [5], holdsMajority: false));
    }

    [Fact]
    public void A_leader_that_hears_only_a_minority_doubts_itself()
    {
        Assert.Equal(2, Decide(members: 5, AfterAMinute, TimeSpan.FromHours(1), silent: [4, 5]).Count);
        Assert.Empty(Decide(members: 5, AfterAMinute, TimeSpan.FromHours(1), silent: [3, 4, 5]));
        Assert.Empty(Decide(members: 4, AfterAMinute, TimeSpan.FromHours(1), silent: [3, 4]));
    }

    [Fact]
    public void Who_is_down_already_counts_neither_way()
    {
        var plane = new ControlPlaneModel().WithUpMembers(5);
        plane.Accept(plane.Status(4, MemberStatus.Down));
        plane.Accept(plane.Status(5, MemberStatus.Down));

        var down = DowningCore.Decide(plane.View, new NodeId(1), true, node => node.Value >= 3 ? TimeSpan.Zero : null, Now, AfterAMinute);

        Assert.Equal([new NodeId(3)], down);
    }

    [Fact]
    public void The_leader_never_marks_itself()
    {
        Assert.Empty(Decide(members: 3, AfterAMinute, TimeSpan.FromHours(1), silent: [1]));
    }

    [Fact]
    public void A_time_shorter_than_a_restart_takes_is_refused()
    {
        Assert.Throws<ArgumentException>(() => new DowningOptions { DownAfter = TimeSpan.FromSeconds(1) }.Validate());
        new DowningOptions().Validate();
    }

    private static IReadOnlyList<NodeId> Decide(int members, DowningOptions options, TimeSpan silentFor, uint[] silent, bool holdsMajority = true) =>
        DowningCore.Decide(
            new ControlPlaneModel().WithUpMembers(members).View,
            new NodeId(1),
            holdsMajority,
            node => silent.Contains(node.Value) ? Now - silentFor : null,
            Now,
            options);
}
