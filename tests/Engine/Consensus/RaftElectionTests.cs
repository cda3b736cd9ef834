using Cluster.Engine.Consensus;
using Cluster.Shared.Ids;
using Cluster.Shared.Wire;

namespace Cluster.Engine.Tests.Consensus;

public sealed class RaftElectionTests
{
    [Fact]
    public void The_preferred_replica_of_a_fresh_group_leads_without_waiting()
    {
        var group = ScriptedGroup.Elected();

        Assert.Equal(RaftRole.Leader, group[1].Core.Role);
        Assert.Equal(new Term(1), group[1].Core.CurrentTerm);
        Assert.All(group.Replicas, r => Assert.Equal(new NodeId(1), r.Core.Leader));
        Assert.All(group.Replicas, r => Assert.Equal(new LogIndex(1), r.Core.LastIndex));
    }

    [Fact]
    public void A_group_without_anyone_preferred_elects_one_leader()
    {
        var group = ScriptedGroup.Founded(5);
        group.Elapse(1500);

        Assert.Single(group.Replicas, r => r.Core.Role == RaftRole.Leader);
    }

    [Fact]
    public void Followers_replace_a_dead_leader_within_a_second()
    {
        for (var run = 0; run < 20; run++)
        {
            var group = ScriptedGroup.Elected();
            group.Elapse(100 + (run * 17));
            group[1].Crash();
            group.Elapse(900);

            Assert.NotEqual(1u, group.Leader.Id.Value);
        }
    }

    [Fact]
    public void A_vote_leaves_only_after_it_is_on_disk()
    {
        var group = ScriptedGroup.Founded(3);
        group[2].WritesAtOnce = false;
        group[3].Crash();
        group[1].Core.Campaign(group.Now);
        group.Settle();

        Assert.Equal(RaftRole.Candidate, group[1].Core.Role);
        group[2].Flush();
        group.Settle();
        Assert.Equal(RaftRole.Leader, group[1].Core.Role);
    }

    [Fact]
    public void A_candidates_own_vote_counts_only_when_it_is_on_disk()
    {
        var group = ScriptedGroup.Founded(1);
        group[1].WritesAtOnce = false;
        group.Elapse(20);

        Assert.Equal(RaftRole.Candidate, group[1].Core.Role);
        group[1].Flush();
        group.Settle();
        Assert.Equal(RaftRole.Leader, group[1].Core.Role);
    }

    [Fact]
    public void A_replica_votes_once_a_term_also_across_a_restart()
    {
        var group = ScriptedGroup.Founded(3);
        group.Inject(VoteRequest(2, 1, 1));
        group.Settle();
        Assert.Equal(new NodeId(2), group[1].HardState.VotedFor);

        group[1].Crash();
        group[1].Restart();
        group.Elapse(350);
        group.Inject(VoteRequest(3, 1, 1));
        group.DeliverAll();
        group[1].Drain();

        Assert.False(group.Wire.Single(m => m.From == 1 && m.VoteReply is not null).VoteReply.Granted);
    }

    [Fact]
    public void A_candidate_with_a_shorter_log_gets_no_vote()
    {
        var group = ScriptedGroup.Elected();
        group.Partition([3], [1, 2]);
        group.Propose(1, "a");
        group.Settle();
        group[1].Crash();
        group.Heal();
        group.Elapse(2000);

        Assert.Equal(2u, group.Leader.Id.Value);
    }

    [Fact]
    public void A_replica_that_cannot_win_does_not_raise_its_term()
    {
        var group = ScriptedGroup.Elected();
        group.Partition([3], [1, 2]);
        group.Elapse(5000);

        Assert.Equal(new Term(1), group[3].Core.CurrentTerm);
        Assert.Equal(RaftRole.PreCandidate, group[3].Core.Role);
    }

    [Fact]
    public void A_replica_back_from_a_partition_does_not_depose_the_leader()
    {
        var group = ScriptedGroup.Elected();
        group.Partition([3], [1, 2]);
        group.Elapse(3000);
        group.Heal();
        group.Elapse(1000);

        Assert.Equal(RaftRole.Leader, group[1].Core.Role);
        Assert.Equal(new Term(1), group[1].Core.CurrentTerm);
        Assert.Equal(RaftRole.Follower, group[3].Core.Role);
    }

    [Fact]
    public void A_replica_stuck_in_a_higher_term_comes_back_through_a_new_election()
    {
        var group = ScriptedGroup.Elected();
        group.Elapse(100);

        // 3 won a pre-vote, raised its term, and was cut off: check-quorum and pre-vote alone would leave it out for ever.
        group.Loses = m => m.From == 3;
        group.Inject(VoteRequest(2, 3, 5, transfer: true));
        group.Settle();
        group.Heal();
        Assert.Equal(new Term(5), group[3].Core.CurrentTerm);
        group.Elapse(1000);

        Assert.True(group.Leader.Core.CurrentTerm > new Term(5));
        Assert.All(group.Replicas, r => Assert.Equal(group.Leader.Id, r.Core.Leader));
    }

    [Fact]
    public void A_follower_that_hears_a_leader_refuses_votes_and_keeps_its_term()
    {
        var group = ScriptedGroup.Elected();
        group.Elapse(100);
        group.Inject(VoteRequest(3, 2, 7));
        group.DeliverAll();
        group[2].Drain();

        Assert.Equal(new Term(1), group[2].Core.CurrentTerm);
        Assert.False(group.Wire.Single(m => m.From == 2 && m.VoteReply is not null).VoteReply.Granted);
    }

    [Fact]
    public void A_restarted_replica_grants_no_vote_for_one_election_timeout()
    {
        var group = ScriptedGroup.Elected();
        group[2].Crash();
        group[2].Restart();
        group.Loses = m => m.From == 1;
        group.Elapse(340);
        group.Inject(VoteRequest(3, 2, 2));
        group.DeliverAll();
        group[2].Drain();
        Assert.False(group.Wire.Single(m => m.From == 2 && m.VoteReply is not null).VoteReply.Granted);

        group.DropAll();
        group.Freeze(11);
        group.Inject(VoteRequest(3, 2, 2));
        group.DeliverAll();
        group[2].Drain();
        Assert.True(group.Wire.Single(m => m.From == 2 && m.VoteReply is not null).VoteReply.Granted);
    }

    [Fact]
    public void A_promise_to_a_leader_outlives_a_change_of_term()
    {
        var group = ScriptedGroup.Elected();
        group.Elapse(100);
        group.Inject(new RaftMessage { Group = 1, From = 3, To = 2, Term = 3, HeartbeatReply = new HeartbeatReply() });
        group.Inject(VoteRequest(3, 2, 4));
        group.DeliverAll();
        group[2].Drain();

        Assert.Equal(new Term(3), group[2].Core.CurrentTerm);
        Assert.False(group.Wire.Single(m => m.From == 2 && m.VoteReply is not null).VoteReply.Granted);
    }

    [Fact]
    public void A_promise_to_a_leader_binds_the_replicas_own_campaign()
    {
        var group = ScriptedGroup.Elected();
        group.Elapse(100);
        group[2].Core.Campaign(group.Now);
        Assert.Equal(RaftRole.Follower, group[2].Core.Role);

        group.Freeze(351);
        group[2].Core.Campaign(group.Now);
        Assert.Equal(RaftRole.PreCandidate, group[2].Core.Role);
    }

    [Fact]
    public void A_promise_to_a_leader_does_not_hold_against_that_leader()
    {
        var group = ScriptedGroup.Elected();
        group.Elapse(100);
        group.Inject(new RaftMessage { Group = 1, From = 3, To = 1, Term = 2, AppendReply = new AppendReply() });
        group.DeliverAll();
        Assert.Equal(RaftRole.Follower, group[1].Core.Role);
        group.Elapse(100);

        Assert.Equal(RaftRole.Leader, group[1].Core.Role);
    }

    [Fact]
    public void A_leader_without_a_majority_steps_down()
    {
        var group = ScriptedGroup.Elected();
        group.Partition([1], [2, 3]);
        group.Elapse(800);

        Assert.NotEqual(RaftRole.Leader, group[1].Core.Role);
        Assert.Contains(group[1].Events, e => e is SteppedDown);
    }

    [Fact]
    public void A_stopped_leader_that_wakes_up_steps_down_before_it_serves()
    {
        var group = ScriptedGroup.Elected();
        group.Elapse(100);
        Assert.True(group[1].Core.LeaseHolds(group.Now));
        group.Freeze(5000);

        Assert.False(group[1].Core.LeaseHolds(group.Now));
        group[1].Core.Tick(group.Now);
        Assert.Equal(RaftRole.Follower, group[1].Core.Role);
    }

    [Fact]
    public void Candidates_of_a_split_vote_try_again_long_before_an_election_timeout()
    {
        var group = ScriptedGroup.Elected();
        group.Elapse(100);
        group[1].Crash();
        group.Freeze(700);
        group[2].Core.Campaign(group.Now);
        group[3].Core.Campaign(group.Now);
        var began = group.Now;
        while (group.Replicas.All(r => !r.IsUp || r.Core.Role != RaftRole.Leader))
        {
            group.Elapse(5);
        }

        Assert.Contains(group[2].Events, e => e is VoteGranted { Candidate.Value: 2 });
        Assert.Contains(group[3].Events, e => e is VoteGranted { Candidate.Value: 3 });
        Assert.True(group.Now - began < TimeSpan.FromMilliseconds(300), $"took {group.Now - began}");
    }

    [Fact]
    public void Lost_vote_requests_are_asked_again_within_a_heartbeat()
    {
        var group = ScriptedGroup.Founded(3);
        group.Loses = _ => true;
        group[1].Core.Campaign(group.Now);
        group.Settle();
        group.Heal();
        group.Elapse(80);

        Assert.Equal(RaftRole.Leader, group[1].Core.Role);
    }

    [Fact]
    public void Two_leaders_in_a_term_are_a_broken_invariant()
    {
        var group = ScriptedGroup.Elected();
        var forged = new RaftMessage { Group = 1, From = 2, To = 1, Term = 1, Heartbeat = new Heartbeat() };

        Assert.Equal("at most one leader a term", Assert.Throws<InvariantViolated>(() => group[1].Core.Step(group.Now, forged)).Invariant);
    }

    [Fact]
    public void Messages_that_no_replica_sends_are_ignored_and_reported()
    {
        var group = ScriptedGroup.Elected();
        RaftMessage[] nonsense =
        [
            new(),
            new() { Group = 2, From = 2, To = 1, Term = 1, Heartbeat = new Heartbeat() },
            new() { Group = 1, From = 2, To = 1, Term = 1 },
            new() { Group = 1, From = 2, To = 1, Term = 1, AppendReply = new AppendReply { Success = true, MatchIndex = 99 } },
            new() { Group = 1, From = 2, To = 1, Term = 1, HeartbeatReply = new HeartbeatReply { Round = 99 } },
            new() { Group = 1, From = 2, To = 1, Term = 1, Vote = new RequestVote { CampaignTerm = 9 } },
            new() { Group = 1, From = 9, To = 1, Term = 2, Append = new AppendEntries { Entries = { new Entry { Index = 7, Term = 1 } } } },
            new() { Group = 1, From = 9, To = 1, Term = 2, Append = new AppendEntries { Entries = { new Entry { Index = 1, Term = 3 } } } },
            new() { Group = 1, From = 9, To = 1, Term = 2, Snapshot = new InstallSnapshot { LastIndex = 4 } },
        ];
        foreach (var message in nonsense)
        {
            group[1].Events.Clear();
            group[1].Core.Step(group.Now, message);
            group[1].Drain();
            Assert.Contains(group[1].Events, e => e is MessageRejected);
        }

        Assert.Equal(new LogIndex(1), group[1].Core.LastIndex);
    }

    private static RaftMessage VoteRequest(uint from, uint to, ulong term, bool transfer = false) => new()
    {
        Group = 1,
        From = from,
        To = to,
        Term = term,
        Vote = new RequestVote { CampaignTerm = term, LastIndex = 100, LastTerm = term - 1, Transfer = transfer },
    };
}
