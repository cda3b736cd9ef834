using Cluster.Engine.Consensus;
using Cluster.Shared.Ids;

namespace Cluster.Engine.Tests.Consensus;

public sealed class RaftTransferTests
{
    [Fact]
    public void Leadership_moves_within_a_few_messages()
    {
        var group = ScriptedGroup.Elected();
        group.Elapse(100);
        Assert.True(group[1].Core.TransferLeadership(group.Now, new NodeId(2)));
        group.Settle();

        Assert.Equal(2u, group.Leader.Id.Value);
        Assert.Equal(RaftRole.Follower, group[1].Core.Role);
    }

    [Fact]
    public void The_target_is_brought_up_to_date_first_and_proposals_wait_meanwhile()
    {
        var group = ScriptedGroup.Elected();
        group.Loses = m => m.To == 2 && m.Append is not null;
        group.Propose(1, "x");
        group.Settle();
        group[1].Core.TransferLeadership(group.Now, new NodeId(2));
        group.Settle();
        Assert.Equal(RaftRole.Leader, group[1].Core.Role);
        Assert.Equal(ProposeOutcome.TransferUnderWay, group.Propose(1, "y").Outcome);

        group.Heal();
        group.Elapse(200);
        Assert.Equal(2u, group.Leader.Id.Value);
        Assert.Equal(group[1].Core.LastIndex, group[2].Core.LastIndex);
    }

    [Fact]
    public void A_transfer_that_fails_is_given_up_after_an_election_timeout()
    {
        var group = ScriptedGroup.Elected();
        group[2].Crash();
        group[1].Core.TransferLeadership(group.Now, new NodeId(2));
        group.Elapse(400);

        Assert.Contains(group[1].Events, e => e is TransferAborted);
        Assert.True(group.Propose(1, "x").Accepted);
    }

    [Fact]
    public void After_TimeoutNow_the_leader_holds_no_lease_for_the_rest_of_its_term()
    {
        var group = ScriptedGroup.Elected();
        group.Elapse(100);
        group.Loses = m => m.TimeoutNow is not null;
        group[1].Core.TransferLeadership(group.Now, new NodeId(2));
        Assert.False(group[1].Core.LeaseHolds(group.Now));
        group.Elapse(1000);

        Assert.Equal(RaftRole.Leader, group[1].Core.Role);
        Assert.False(group[1].Core.LeaseHolds(group.Now));
        group[1].Core.Read(group.Now, 1);
        group.Settle();
        Assert.Single(group[1].ReadsReady);
    }

    [Fact]
    public void Only_another_voter_can_take_over()
    {
        var group = ScriptedGroup.Elected();

        Assert.False(group[1].Core.TransferLeadership(group.Now, new NodeId(1)));
        Assert.False(group[1].Core.TransferLeadership(group.Now, new NodeId(9)));
        Assert.False(group[2].Core.TransferLeadership(group.Now, new NodeId(3)));
    }
}
