using Cluster.Engine.ControlPlane;
using Cluster.Engine.Membership;
using Cluster.Engine.Remoting;
using Cluster.Engine.Tests.ControlPlane;
using Cluster.Shared.Ids;
using Cluster.Shared.Wire;

namespace Cluster.Engine.Tests.Membership;

/// <summary>Whose name a newcomer with another data directory may take at the handshake, by what this node knows and hears.</summary>
public class MembershipPolicyTests
{
    private readonly ControlPlaneModel plane = new ControlPlaneModel().WithUpMembers(3);
    private readonly ControlViews views = new();
    private readonly ReachabilityBoard reachability = new();

    [Fact]
    public void A_member_that_is_heard_holds_its_name() => Assert.True(Holds());

    [Fact]
    public void A_member_that_is_not_heard_holds_it_no_more_though_nobody_here_knows_that_it_left()
    {
        reachability.Publish([new NodeId(2)], []);

        Assert.False(Holds());
    }

    [Theory]
    [InlineData(MemberStatus.Leaving, true)]
    [InlineData(MemberStatus.Exiting, false)]
    [InlineData(MemberStatus.Down, false)]
    public void A_member_holds_it_until_it_is_on_its_way_out(MemberStatus status, bool holds)
    {
        foreach (var next in status == MemberStatus.Exiting ? new[] { MemberStatus.Leaving, status } : [status])
        {
            plane.Accept(plane.Status(2, next));
        }

        Assert.Equal(holds, Holds());
    }

    [Fact]
    public void Before_there_is_a_cluster_every_peer_holds_its_name() => Assert.True(new MembershipPolicy(views, reachability).HoldsItsName(Second));

    private static PeerIdentity Second { get; } = new(
        NodeName.Parse("n2"), new NodeAddress("127.0.0.1", 4054), new NodeId(2), new Incarnation(1), new Guid(ControlPlaneModel.Uid(2).Span));

    private bool Holds()
    {
        views.Publish(plane.View);
        return new MembershipPolicy(views, reachability).HoldsItsName(Second);
    }
}
