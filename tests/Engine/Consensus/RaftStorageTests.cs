using Cluster.Engine.Consensus;

namespace Cluster.Engine.Tests.Consensus;

public sealed class RaftStorageTests
{
    [Fact]
    public void A_leader_whose_disk_fails_hands_over_and_acknowledges_nothing_more()
    {
        var group = ScriptedGroup.Elected();
        group[1].Core.StorageFailed();
        group.Settle();

        Assert.NotEqual(1u, group.Leader.Id.Value);
        Assert.Equal(ProposeOutcome.StorageFailed, group.Propose(1, "x").Outcome);
        group.DrainAll();
        group.Elapse(300);
        Assert.Equal(new LogIndex(1), group[1].Core.LastIndex);
    }

    [Fact]
    public void A_replica_without_a_disk_neither_votes_nor_campaigns()
    {
        var group = ScriptedGroup.Elected();
        group.Elapse(50);
        group[2].Core.StorageFailed();
        group[1].Crash();
        group.Elapse(3000);

        Assert.Equal(RaftRole.Follower, group[2].Core.Role);
        Assert.NotEqual(RaftRole.Leader, group[3].Core.Role);
    }

    [Fact]
    public void A_recovered_disk_brings_the_replica_back()
    {
        var group = ScriptedGroup.Elected();
        group[2].Core.StorageFailed();
        group.Propose(1, "x");
        group.Elapse(1000);
        Assert.Equal(new LogIndex(1), group[2].Core.LastIndex);
        group[2].Core.StorageRecovered();
        group.Elapse(300);

        Assert.Equal(new LogIndex(2), group[2].Core.LastIndex);
        Assert.Equal(new Shared.Ids.NodeId(1), group[2].Core.Leader);
    }

    [Fact]
    public void A_vote_that_is_not_written_down_can_be_given_twice()
    {
        // What the record on disk is for: with it left out, a restart lets one replica help two candidates of one term.
        Assert.False(SecondVoteAfterRestart(RaftFlaws.None));
        Assert.True(SecondVoteAfterRestart(RaftFlaws.ForgetVote));
    }

    private static bool SecondVoteAfterRestart(RaftFlaws flaws)
    {
        var group = ScriptedGroup.Founded(3, RaftOptions.Default with { Flaws = flaws });
        group.Loses = m => m.Append is not null || m.Heartbeat is not null;
        group[1].Core.Campaign(group.Now);
        group[2].Core.Campaign(group.Now);
        group[3].Core.Tick(group.Now);
        group.DrainAll();
        group.Deliver(m => m.Vote is { PreVote: true });
        group.DrainAll();
        group.Deliver(m => m.VoteReply is { PreVote: true });
        group.DrainAll();
        group.Deliver(m => m.From == 1 && m.To == 3 && m.Vote is { PreVote: false });
        group[3].Drain();
        group[3].Crash();
        group[3].Restart();
        group.Freeze(350);
        group.Deliver(m => m.From == 2 && m.To == 3 && m.Vote is { PreVote: false });
        group[3].Drain();
        return group.Wire.Any(m => m.From == 3 && m.To == 2 && m.VoteReply is { PreVote: false, Granted: true });
    }
}
