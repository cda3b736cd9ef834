using Cluster.Engine.Consensus;

namespace Cluster.Engine.Tests.Consensus;

public sealed class RaftReadTests
{
    [Fact]
    public void A_read_is_ready_when_a_majority_has_answered_a_round_that_began_after_it()
    {
        var group = ScriptedGroup.Elected();
        Assert.True(group[1].Core.Read(group.Now, 7).Accepted);
        group[1].Drain();
        Assert.Empty(group[1].ReadsReady);
        group.Settle();

        Assert.Equal(new ReadReady(7, group[1].Core.CommitIndex), Assert.Single(group[1].ReadsReady));
    }

    [Fact]
    public void Reads_of_one_turn_share_a_round()
    {
        var group = ScriptedGroup.Elected();
        for (var id = 1UL; id <= 100; id++)
        {
            group[1].Core.Read(group.Now, id);
        }

        group[1].Drain();
        Assert.Equal(2, group.Wire.Count(m => m.Heartbeat is not null));
        group.Settle();
        Assert.Equal(100, group[1].ReadsReady.Count);
    }

    [Fact]
    public void An_answer_to_an_earlier_round_confirms_no_later_read()
    {
        var group = ScriptedGroup.Elected();
        group[1].Core.Read(group.Now, 1);
        group[1].Drain();
        group.Deliver(m => m.Heartbeat is not null);
        group[2].Drain();
        group[3].Drain();
        group[1].Core.Read(group.Now, 2);
        group[1].Drain();
        group.Deliver(m => m.HeartbeatReply is not null);
        group[1].Drain();

        Assert.Equal(1UL, Assert.Single(group[1].ReadsReady).ReadId);
    }

    [Fact]
    public void A_new_leaders_reads_wait_for_its_first_entry()
    {
        var group = ScriptedGroup.Elected();
        group.Propose(1, "a");
        group.Settle();
        group[1].Crash();
        group.Loses = m => m.AppendReply is not null;
        group.Elapse(1000);
        var leader = group.Leader;
        leader.Core.Read(group.Now, 5);
        group.Settle();

        Assert.Equal(leader.Core.TermStart, Assert.Single(leader.ReadsReady).Index);
        Assert.True(leader.Core.CommitIndex < leader.Core.TermStart);
    }

    [Fact]
    public void An_isolated_leader_serves_no_read_and_says_so_when_it_steps_down()
    {
        var group = ScriptedGroup.Elected();
        group.Partition([1], [2, 3]);
        group[1].Core.Read(group.Now, 9);
        group.Elapse(1000);

        Assert.Empty(group[1].ReadsReady);
        Assert.Equal(9UL, Assert.Single(group[1].ReadsFailed));
        Assert.Equal(ReadOutcome.NotLeader, group[1].Core.Read(group.Now, 10).Outcome);
    }

    [Fact]
    public void An_acknowledged_append_confirms_reads_as_a_heartbeat_does()
    {
        var group = ScriptedGroup.Elected();
        group.Loses = m => m.Heartbeat is not null;
        group.Propose(1, "x");
        group[1].Core.Read(group.Now, 3);
        group.Settle();

        Assert.Equal(3UL, Assert.Single(group[1].ReadsReady).ReadId);
    }

    [Fact]
    public void Waiting_reads_are_bounded()
    {
        var group = ScriptedGroup.Elected(3, RaftOptions.Default with { MaxPendingReads = 2 });
        group[1].Core.Read(group.Now, 1);
        group[1].Core.Read(group.Now, 2);

        Assert.Equal(ReadOutcome.Overloaded, group[1].Core.Read(group.Now, 3).Outcome);
    }

    [Fact]
    public void Rounds_under_way_are_bounded_and_the_reads_beyond_share_the_next()
    {
        var group = ScriptedGroup.Elected(3, RaftOptions.Default with { MaxReadRounds = 2 });
        for (var id = 1UL; id <= 6; id++)
        {
            group[1].Core.Read(group.Now, id);
            group[1].Drain();
        }

        Assert.Equal(2, group.Wire.Count(m => m.To == 2 && m.Heartbeat is not null));
        group.Settle();
        Assert.Equal(6, group[1].ReadsReady.Count);
    }

    [Fact]
    public void A_lease_counts_from_when_the_round_was_sent()
    {
        var group = ScriptedGroup.Elected();
        group.Elapse(100);
        group.DropAll();
        group[1].Core.Read(group.Now, 1);
        group[1].Drain();
        var sent = group.Now;
        group.Freeze(200);
        group.Settle();

        Assert.True(group[1].Core.LeaseHolds(sent + TimeSpan.FromMilliseconds(299)));
        Assert.False(group[1].Core.LeaseHolds(sent + TimeSpan.FromMilliseconds(300)));
    }

    [Fact]
    public void A_leader_has_no_lease_before_it_has_committed_an_entry_of_its_term()
    {
        var group = ScriptedGroup.Founded(3);
        group.Loses = m => m.AppendReply is not null;
        group[1].Core.Campaign(group.Now);
        group.Settle();
        Assert.Equal(RaftRole.Leader, group[1].Core.Role);
        Assert.False(group[1].Core.LeaseHolds(group.Now));

        group.Heal();
        group.Elapse(160);
        Assert.True(group[1].Core.LeaseHolds(group.Now));
    }

    [Fact]
    public void A_lease_ends_before_the_others_can_elect_another_leader()
    {
        var group = ScriptedGroup.Elected();
        group.Elapse(100);
        group.Partition([1], [2, 3]);
        var leaseEnded = TimeSpan.Zero;
        while (group[2].Core.Role != RaftRole.Leader && group[3].Core.Role != RaftRole.Leader)
        {
            leaseEnded = group[1].Core.LeaseHolds(group.Now) ? group.Now : leaseEnded;
            group.Elapse(5);
        }

        Assert.False(group[1].Core.LeaseHolds(group.Now));
        Assert.True(leaseEnded > TimeSpan.Zero && leaseEnded < group.Now);
    }

    [Fact]
    public void A_configuration_change_begins_a_new_lease()
    {
        var group = ScriptedGroup.Elected();
        group.Add(4, RaftRecovery.Founded(RaftConfiguration.Empty));
        group.Elapse(100);
        Assert.True(group[1].Core.LeaseHolds(group.Now));
        Assert.True(group.Change(ConfigurationChangeKind.AddLearner, 4).Accepted);

        Assert.False(group[1].Core.LeaseHolds(group.Now));
        group.Settle();
        Assert.True(group[1].Core.LeaseHolds(group.Now));
    }

    [Fact]
    public void A_group_of_one_holds_its_lease_by_itself()
    {
        var group = ScriptedGroup.Founded(1);
        group.Elapse(10);

        Assert.True(group[1].Core.LeaseHolds(group.Now + TimeSpan.FromHours(1)));
        group[1].Core.Read(group.Now, 1);
        group.Settle();
        Assert.Single(group[1].ReadsReady);
    }

    [Fact]
    public void Options_whose_lease_outlives_the_followers_promise_are_refused()
    {
        var options = RaftOptions.Default with { LeaseDuration = TimeSpan.FromMilliseconds(340) };

        Assert.Contains("outlives the promise", Assert.Throws<ArgumentException>(options.Validate).Message, StringComparison.Ordinal);
        RaftOptions.Default.Validate();
    }
}
