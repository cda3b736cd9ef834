using Cluster.Engine.Logs;
using Cluster.Shared.Wire;
using static Cluster.Engine.Tests.Logs.LogStepsOfTests;

namespace Cluster.Engine.Tests.Logs;

/// <summary>Positions of consumer groups, and transactions of a position with what was made of the records.</summary>
public class LogGroupTests
{
    private const string Out = "out/0";

    private readonly ReplicatedLog log = new();

    public LogGroupTests() => log.Do(Append("a", "b", "c"));

    [Fact]
    public void A_member_commits_under_the_generation_that_it_claimed()
    {
        Assert.Equal(0ul, log.Do(Claim(1, "m")).Steps[0].Offset);
        Assert.Equal(LogStatus.Ok, log.Do(Commit(1, "m", 2)).Status);

        Assert.Equal(2ul, log.Do(Claim(2, "n")).Steps[0].Offset);
    }

    [Fact]
    public void A_zombie_is_refused_once_its_successor_has_claimed()
    {
        log.Do(Claim(1, "zombie"));
        log.Do(Claim(2, "successor"));

        Assert.Equal(LogStatus.Fenced, log.Do(Commit(1, "zombie", 3)).Status);
        Assert.Equal(LogStatus.Fenced, log.Do(Claim(1, "zombie")).Status);
        Assert.Equal(LogStatus.Fenced, log.Do(Claim(2, "zombie")).Status);
        Assert.Equal(LogStatus.Ok, log.Do(Claim(2, "successor")).Status);
        Assert.Equal(LogStatus.Ok, log.Do(Commit(2, "successor", 1)).Status);
    }

    [Fact]
    public void Nobody_commits_without_a_claim_nor_past_the_end()
    {
        Assert.Equal(LogStatus.Fenced, log.Do(Commit(1, "m", 1)).Status);
        log.Do(Claim(1, "m"));

        Assert.Equal(LogStatus.OutOfRange, log.Do(Commit(1, "m", 4)).Status);
    }

    [Fact]
    public void A_step_that_was_taken_is_not_taken_again()
    {
        log.Do(Claim(1, "m"));
        Assert.Equal(LogStatus.Ok, log.Do(To(Out, "A"), Commit(1, "m", 1, from: 0)).Status);

        Assert.Equal(LogStatus.Conflict, log.Do(To(Out, "A"), Commit(1, "m", 1, from: 0)).Status);
        Assert.Single(log.Read(Out));
    }

    [Fact]
    public void A_transaction_that_is_refused_leaves_nothing_of_any_of_its_steps()
    {
        log.Do(Claim(2, "successor"));
        var before = log.Leader.StateHash;

        Assert.Equal(LogStatus.Fenced, log.Do(To(Out, "A"), To("third/0", "x"), Commit(1, "zombie", 1)).Status);
        Assert.Equal(before, log.Leader.StateHash);
        Assert.Empty(log.Read(Out));
    }

    [Fact]
    public void The_steps_of_a_transaction_see_what_those_before_them_did()
    {
        var reply = log.Do(To(Out, "A"), To(Out, "B", "C"), Claim(1, "m"), Commit(1, "m", 3));

        Assert.Equal([0ul, 1ul], reply.Steps.Take(2).Select(step => step.Offset));
        Assert.Equal(3, log.Read(Out).Count);
        Assert.Equal(3ul, log.Do(Claim(2, "m")).Steps[0].Offset);
    }

    [Fact]
    public void A_group_that_has_committed_nothing_stands_where_it_first_claimed_though_retention_has_gone_past()
    {
        log.Do(Configure(LogCleanup.Delete, retentionMs: 10));
        Assert.Equal(0ul, log.Do(Claim(1, "m")).Steps[0].Offset);
        log.Do(Append("d"));
        log.NowMs += 1_000;
        log.Do(Append("e"));
        log.DoDue();
        Assert.True(log.Fetch(P, 5).Start > 0, "retention never was there");

        Assert.Equal(0ul, log.Do(Claim(2, "n")).Steps[0].Offset);
        Assert.Equal(LogStatus.OutOfRange, log.Fetch(P, 0).Status);
    }

    [Fact]
    public void Where_there_are_as_many_groups_as_may_be_one_has_room_when_another_is_forgotten()
    {
        for (var i = 0; i < LogBounds.MaxGroups; i++)
        {
            Assert.Equal(LogStatus.Ok, log.Do(ClaimOf($"g{i}")).Status);
        }

        Assert.Equal(LogStatus.Full, log.Do(ClaimOf("more")).Status);
        var forgets = new LogStep { Partition = P, Forget = new LogForget { Group = "g7" } };
        Assert.Equal(LogStatus.Ok, log.Do(forgets).Status);
        Assert.Equal(LogStatus.Ok, log.Do(forgets).Status);
        log.Restore();
        Assert.Equal(LogStatus.Ok, log.Do(ClaimOf("more")).Status);
        Assert.Equal(LogStatus.Full, log.Do(ClaimOf("g7")).Status);

        static LogStep ClaimOf(string group) => new() { Partition = P, Claim = new LogClaim { Group = group, Generation = 1, Member = "m" } };
    }

    [Fact]
    public void A_position_survives_a_snapshot()
    {
        log.Do(Claim(5, "m"));
        log.Do(Commit(5, "m", 2));
        log.Restore();

        Assert.Equal(LogStatus.Fenced, log.Do(Commit(4, "zombie", 3)).Status);
        Assert.Equal(2ul, log.Do(Claim(6, "n")).Steps[0].Offset);
    }
}
