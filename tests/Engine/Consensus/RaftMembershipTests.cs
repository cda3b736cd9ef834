using Cluster.Engine.Consensus;
using Cluster.Shared.Ids;
using Cluster.Shared.Wire;
using Google.Protobuf;

namespace Cluster.Engine.Tests.Consensus;

public sealed class RaftMembershipTests
{
    [Fact]
    public void A_replica_joins_as_a_learner_and_becomes_a_voter()
    {
        var group = WithJoiner();
        Assert.True(group.Change(ConfigurationChangeKind.AddLearner, 4).Accepted);
        group.Elapse(200);
        Assert.Equal(group[1].Core.LastIndex, group[4].Core.LastIndex);
        Assert.True(group[4].Core.Configuration.IsLearner(new NodeId(4)));

        Assert.True(group.Change(ConfigurationChangeKind.PromoteLearner, 4).Accepted);
        group.Elapse(200);
        Assert.All(group.Replicas, r => Assert.Equal(ScriptedGroup.Voters(1, 2, 3, 4), r.Core.Configuration));
    }

    [Fact]
    public void A_learner_counts_for_nothing_and_never_campaigns()
    {
        var group = WithJoiner();
        group.Change(ConfigurationChangeKind.AddLearner, 4);
        group.Elapse(200);
        group.Partition([1, 4], [2, 3]);
        var proposed = group.Propose(1, "x");
        group.Elapse(300);
        Assert.True(group[1].Core.CommitIndex < proposed.Index);

        group[1].Crash();
        group.Elapse(3000);
        Assert.Equal(RaftRole.Follower, group[4].Core.Role);
    }

    [Fact]
    public void Changes_go_one_at_a_time()
    {
        var group = WithJoiner();
        group.Loses = m => m.AppendReply is not null;
        Assert.True(group.Change(ConfigurationChangeKind.AddLearner, 4).Accepted);
        group.Settle();

        Assert.Equal(ProposeOutcome.NotYet, group.Change(ConfigurationChangeKind.AddLearner, 5).Outcome);
    }

    [Fact]
    public void A_new_leader_changes_nothing_before_it_has_committed_an_entry_of_its_term()
    {
        var group = ScriptedGroup.Founded(3);
        group.Loses = m => m.AppendReply is not null;
        group[1].Core.Campaign(group.Now);
        group.Settle();

        Assert.Equal(ProposeOutcome.NotYet, group.Change(ConfigurationChangeKind.AddLearner, 4).Outcome);
    }

    [Fact]
    public void A_truncated_change_is_rolled_back()
    {
        var group = ScriptedGroup.Elected();
        group.Partition([1], [2, 3]);
        Assert.True(group.Change(ConfigurationChangeKind.DemoteVoter, 3).Accepted);
        Assert.True(group[1].Core.Configuration.IsLearner(new NodeId(3)));
        group.Elapse(1500);
        group.Heal();
        group.Elapse(1500);

        Assert.All(group.Replicas, r => Assert.Equal(ScriptedGroup.Voters(1, 2, 3), r.Core.Configuration));
    }

    [Fact]
    public void A_change_that_would_lose_the_majority_is_refused()
    {
        var group = ScriptedGroup.Elected();
        group[3].Crash();
        group.Elapse(800);
        var refused = group.Change(ConfigurationChangeKind.RemoveReplica, 2);

        Assert.Equal(ProposeOutcome.Unsafe, refused.Outcome);
        Assert.Contains("only 1 of the voters", refused.Reason, StringComparison.Ordinal);
        Assert.True(group.Change(ConfigurationChangeKind.RemoveReplica, 3).Accepted);
    }

    [Fact]
    public void A_learner_that_is_behind_or_was_never_heard_is_not_promoted()
    {
        var group = WithJoiner();
        group.Loses = m => m.From == 4;
        group.Change(ConfigurationChangeKind.AddLearner, 4);
        group.Elapse(200);

        Assert.Equal(ProposeOutcome.Unsafe, group.Change(ConfigurationChangeKind.PromoteLearner, 4).Outcome);
    }

    [Theory]
    [InlineData(ConfigurationChangeKind.AddLearner, 2u)]
    [InlineData(ConfigurationChangeKind.PromoteLearner, 2u)]
    [InlineData(ConfigurationChangeKind.PromoteLearner, 9u)]
    [InlineData(ConfigurationChangeKind.DemoteVoter, 9u)]
    [InlineData(ConfigurationChangeKind.RemoveReplica, 9u)]
    [InlineData(ConfigurationChangeKind.AddLearner, 0u)]
    public void A_change_that_does_not_fit_is_refused(ConfigurationChangeKind kind, uint node)
    {
        var group = ScriptedGroup.Elected();

        Assert.Equal(ProposeOutcome.Invalid, group.Change(kind, node).Outcome);
    }

    [Fact]
    public void The_last_voter_cannot_leave()
    {
        var group = ScriptedGroup.Founded(1);
        group.Elapse(10);

        Assert.Equal(ProposeOutcome.Invalid, group.Change(ConfigurationChangeKind.RemoveReplica, 1).Outcome);
        Assert.Equal(ProposeOutcome.Invalid, group.Change(ConfigurationChangeKind.DemoteVoter, 1).Outcome);
    }

    [Fact]
    public void A_leader_that_removes_itself_hands_over_once_that_is_committed()
    {
        var group = ScriptedGroup.Elected();
        group.Change(ConfigurationChangeKind.RemoveReplica, 1);
        Assert.Equal(RaftRole.Leader, group[1].Core.Role);
        group.Settle();

        Assert.Equal(RaftRole.Follower, group[1].Core.Role);
        Assert.NotEqual(1u, group.Leader.Id.Value);
        group.Elapse(3000);
        Assert.NotEqual(1u, group.Leader.Id.Value);
        Assert.Equal(new Term(2), group.Leader.Core.CurrentTerm);
    }

    [Fact]
    public void A_removed_replica_does_not_disturb_the_group()
    {
        var group = ScriptedGroup.Elected();
        group.Loses = m => m.To == 3;
        group.Change(ConfigurationChangeKind.RemoveReplica, 3);
        group.Settle();
        group.Heal();
        group.Elapse(5000);

        Assert.Equal(new Term(1), group[1].Core.CurrentTerm);
        Assert.Equal(RaftRole.Leader, group[1].Core.Role);
    }

    [Fact]
    public void Configurations_survive_the_wire_and_nonsense_does_not()
    {
        var configuration = RaftConfiguration.Of([new NodeId(3), new NodeId(1)], [new NodeId(2)]);

        Assert.Equal(configuration, RaftConfiguration.FromWire(configuration.ToWire()));
        Assert.Equal("[#1 #3 + #2]", configuration.ToString());
        Assert.False(RaftConfiguration.TryParse(ByteString.CopyFromUtf8("\u0001nonsense"), out _));
        Assert.False(RaftConfiguration.TryFromWire(new Configuration { Voters = { 1, 1 } }, out _));
        Assert.False(RaftConfiguration.TryFromWire(new Configuration { Voters = { 1 }, Learners = { 1 } }, out _));
        Assert.False(RaftConfiguration.TryFromWire(new Configuration(), out _));
        Assert.Throws<ArgumentException>(() => RaftConfiguration.Of([NodeId.None]));
    }

    private static ScriptedGroup WithJoiner()
    {
        var group = ScriptedGroup.Elected();
        group.Add(4, RaftRecovery.Founded(RaftConfiguration.Empty));
        group.Elapse(50);
        return group;
    }
}
