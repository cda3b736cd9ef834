using Cluster.Engine.Membership;
using Cluster.Shared.Ids;

namespace Cluster.Engine.Tests.Membership;

public class ReachabilityCoreTests
{
    private static readonly NodeId A = new(1);
    private static readonly NodeId B = new(2);
    private static readonly Incarnation First = new(1);
    private static readonly Incarnation Second = new(2);

    [Fact]
    public void A_member_that_never_answers_becomes_unreachable()
    {
        var core = Watching(A);

        Assert.Empty(core.Tick(Ms(1000)));
        var change = Assert.IsType<NodeBecameUnreachable>(Assert.Single(core.Tick(Ms(3000))));
        Assert.Equal((A, UnreachableCause.Silence), (change.Node, change.Cause));
        Assert.True(change.Phi >= 8);
        Assert.False(core.IsReachable(A));
        Assert.Equal(Ms(3000), core.SuspectedSince(A));
    }

    [Fact]
    public void Silence_is_reported_once_and_a_heartbeat_ends_it_at_once()
    {
        var core = Watching(A);
        Assert.Single(core.Tick(Ms(3000)));
        Assert.Empty(core.Tick(Ms(4000)));

        Assert.IsType<NodeBecameReachable>(core.Heartbeat(A, First, Ms(5000)));
        Assert.True(core.IsReachable(A));
        Assert.False(core.IsSuspected(A));
        Assert.Empty(core.Tick(Ms(5100)));
    }

    [Fact]
    public void A_refused_link_is_believed_for_routing_and_not_for_decisions()
    {
        var core = Watching(A);

        var change = Assert.IsType<NodeBecameUnreachable>(core.LinkRefused(A, Ms(100)));

        Assert.Equal(UnreachableCause.LinkRefused, change.Cause);
        Assert.False(core.IsReachable(A));
        Assert.False(core.IsSuspected(A));
        Assert.Null(core.LinkRefused(A, Ms(200)));
    }

    [Fact]
    public void Silence_after_a_refused_link_makes_it_a_suspicion_without_a_second_report()
    {
        var core = Watching(A);
        core.LinkRefused(A, Ms(100));

        Assert.Empty(core.Tick(Ms(3000)));
        Assert.True(core.IsSuspected(A));
        Assert.IsType<NodeBecameReachable>(core.Heartbeat(A, First, Ms(3100)));
    }

    [Fact]
    public void A_heartbeat_refutes_a_refused_link()
    {
        var core = Watching(A);
        core.LinkRefused(A, Ms(100));

        Assert.IsType<NodeBecameReachable>(core.Heartbeat(A, First, Ms(200)));
        Assert.True(core.IsReachable(A));
    }

    [Fact]
    public void A_newer_incarnation_starts_over_and_the_older_one_counts_no_more()
    {
        var core = Watching(A);
        core.Tick(Ms(3000));

        Assert.IsType<NodeBecameReachable>(core.Heartbeat(A, Second, Ms(3100)));
        Assert.Null(core.Heartbeat(A, First, Ms(4000)));
        Assert.Null(core.Heartbeat(A, First, Ms(5000)));

        var change = Assert.IsType<NodeBecameUnreachable>(Assert.Single(core.Tick(Ms(6000))));
        Assert.Equal(Second, change.Incarnation);
    }

    [Fact]
    public void Watching_again_changes_nothing_unless_the_incarnation_is_newer()
    {
        var core = Watching(A);
        core.Tick(Ms(3000));

        Assert.Null(core.Watch(A, First, Ms(3100)));
        Assert.False(core.IsReachable(A));
        Assert.IsType<NodeBecameReachable>(core.Watch(A, Second, Ms(3200)));
    }

    [Fact]
    public void Changes_come_in_ascending_order_of_node()
    {
        var core = Watching(B, A);

        Assert.Equal([A, B], core.Tick(Ms(5000)).Select(change => change.Node));
    }

    [Fact]
    public void One_that_is_not_watched_is_not_reachable_and_is_not_reported()
    {
        var core = Watching(A);
        core.Unwatch(A);

        Assert.Null(core.Heartbeat(A, First, Ms(10)));
        Assert.Null(core.LinkRefused(A, Ms(10)));
        Assert.Empty(core.Tick(Ms(9000)));
        Assert.False(core.IsReachable(A));
        Assert.Empty(core.Watched);
    }

    private static ReachabilityCore Watching(params NodeId[] peers)
    {
        var core = new ReachabilityCore(new ReachabilityOptions());
        foreach (var peer in peers)
        {
            Assert.Null(core.Watch(peer, First, TimeSpan.Zero));
        }

        return core;
    }

    private static TimeSpan Ms(int milliseconds) => TimeSpan.FromMilliseconds(milliseconds);
}
