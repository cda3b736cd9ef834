using Cluster.Engine.ControlPlane;
using Cluster.Shared.Ids;
using Cluster.Shared.Wire;

namespace Cluster.Engine.Tests.ControlPlane;

/// <summary>What the control plane may conclude from the leaders' word on their groups.</summary>
public class GroupReportsTests
{
    private readonly ControlPlaneModel plane = new ControlPlaneModel().WithUpMembers(4, shards: 2).WithTable();
    private ulong sequence;

    [Fact]
    public void A_member_is_held_until_every_group_has_said_otherwise()
    {
        var member = plane.View.FindMember(new NodeId(4))!;
        var reports = GroupReports.Empty;
        Assert.Equal(2, reports.GroupsThatMayHold(plane.View, member));

        reports = reports.With(Heartbeat(1, Led(1, term: 3, 1, 2, 3)));
        Assert.Equal(1, reports.GroupsThatMayHold(plane.View, member));

        reports = reports.With(Heartbeat(2, Led(2, term: 3, 1, 2, 3)));
        Assert.Equal(0, reports.GroupsThatMayHold(plane.View, member));
    }

    [Fact]
    public void A_configuration_that_names_it_or_is_not_committed_holds_it()
    {
        Assert.Equal(1, With(Led(1, term: 3, 1, 2, 4), Led(2, term: 3, 1, 2, 3)));
        Assert.Equal(1, With(new LedShard { Shard = 1, Term = 3, Voters = { 1, 2 }, Learners = { 4 } }, Led(2, term: 3, 1, 2, 3)));
        Assert.Equal(1, With(new LedShard { Shard = 1, Term = 3, Voters = { 1, 2, 3 }, Pending = true }, Led(2, term: 3, 1, 2, 3)));
        Assert.Equal(0, With(Led(1, term: 3, 1, 2, 3), Led(2, term: 3, 1, 2, 3)));

        int With(params LedShard[] leads) => GroupReports.Empty.With(Heartbeat(1, leads)).GroupsThatMayHold(plane.View, plane.View.FindMember(new NodeId(4))!);
    }

    [Fact]
    public void The_word_of_a_deposed_leader_does_not_count_nor_one_from_before_the_leave()
    {
        var reports = GroupReports.Empty.With(Heartbeat(1, Led(1, term: 3, 1, 2, 3), Led(2, term: 3, 1, 2, 3))).With(Heartbeat(2, Led(1, term: 4, 1, 2, 4)));
        Assert.Equal(1, reports.GroupsThatMayHold(plane.View, plane.View.FindMember(new NodeId(4))!));

        plane.Accept(plane.Status(4, MemberStatus.Leaving));
        reports = GroupReports.Empty.With(Heartbeat(1, Led(1, term: 5, 1, 2, 3))).With(Old(2, Led(2, term: 5, 1, 2, 3)));
        Assert.Equal(1, reports.GroupsThatMayHold(plane.View, plane.View.FindMember(new NodeId(4))!));
    }

    [Fact]
    public void An_older_heartbeat_that_comes_late_changes_nothing_and_one_that_is_not_heard_does_not_count()
    {
        var older = Heartbeat(1, Led(1, term: 3, 1, 2, 4));
        var newer = Heartbeat(1, Led(1, term: 3, 1, 2, 3), Led(2, term: 3, 1, 2, 3));
        var reports = GroupReports.Empty.With(newer).With(older);
        Assert.Equal(0, reports.GroupsThatMayHold(plane.View, plane.View.FindMember(new NodeId(4))!));
        Assert.Equal(2, reports.Only(node => node.Value != 1).GroupsThatMayHold(plane.View, plane.View.FindMember(new NodeId(4))!));
    }

    private static LedShard Led(uint shard, ulong term, params uint[] voters) => new() { Shard = shard, Term = term, Voters = { voters } };

    private NodeHeartbeat Heartbeat(uint node, params LedShard[] leads) =>
        new() { Node = node, Incarnation = 1, Sequence = ++sequence, Epoch = plane.View.Epoch, Leads = { leads } };

    private NodeHeartbeat Old(uint node, params LedShard[] leads)
    {
        var heartbeat = Heartbeat(node, leads);
        heartbeat.Epoch--;
        return heartbeat;
    }
}
