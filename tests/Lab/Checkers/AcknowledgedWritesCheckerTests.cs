using Cluster.Lab.Checkers;
using Cluster.Lab.Histories;

namespace Cluster.Lab.Tests.Checkers;

public class AcknowledgedWritesCheckerTests
{
    private static CheckResult Check(HistoryBuilder history) => new AcknowledgedWritesChecker().Check(history.Build());

    [Fact]
    public void Writes_that_are_read_back_or_overwritten_are_kept()
    {
        var result = Check(new HistoryBuilder().Write("k", "a", 0, 1).Write("k", "b", 2, 3).Read("k", "b", 4, 5));

        Assert.Equal((Verdict.Holds, "acknowledged 2, lost 0"), (result.Verdict, result.Summary));
    }

    [Fact]
    public void A_write_that_fell_back_to_an_older_value_is_lost()
    {
        var result = Check(new HistoryBuilder().Write("k", "a", 0, 1).Write("k", "b", 2, 3).Write("k", "c", 4, 5).Read("k", "a", 6, 7));

        Assert.Equal((Verdict.Violated, "acknowledged 3, lost 2"), (result.Verdict, result.Summary));
        Assert.Equal("lost: process 1 had written \"b\" to k by 0.0000 s; the last read, by process 3 at 0.0000 s, found \"a\", which is not newer", result.Details[0]);
    }

    [Fact]
    public void A_write_whose_key_is_gone_is_lost() =>
        Assert.Equal("acknowledged 1, lost 1", Check(new HistoryBuilder().Write("k", "a", 0, 1).Read("k", null, 2, 3)).Summary);

    [Fact]
    public void Of_two_concurrent_writes_either_may_stand() =>
        Assert.Equal(Verdict.Holds, Check(new HistoryBuilder().Write("k", "a", 0, 5).Write("k", "b", 1, 4).Read("k", "a", 6, 7)).Verdict);

    [Fact]
    public void A_write_of_unknown_outcome_may_have_come_last() =>
        Assert.Equal(Verdict.Holds, Check(new HistoryBuilder().Write("k", "x", 0, 1, Outcome.Info).Write("k", "a", 2, 3).Read("k", "x", 4, 5)).Verdict);

    [Fact]
    public void A_write_of_unknown_outcome_need_not_stand() =>
        Assert.Equal("acknowledged 1, lost 0", Check(new HistoryBuilder().Write("k", "a", 0, 1).Write("k", "x", 2, 3, Outcome.Info).Read("k", "a", 4, 5)).Summary);

    [Fact]
    public void A_counter_below_its_acknowledged_increments_has_lost_the_rest()
    {
        var result = Check(new HistoryBuilder().Increment("c", 0, 1, "1").Increment("c", 2, 3, "2").Increment("c", 4, 5, "3").Read("c", "1", 6, 7));

        Assert.Equal((Verdict.Violated, "acknowledged 3, lost 2"), (result.Verdict, result.Summary));
        Assert.Equal(["lost: 3 increments of c, by 3 in all, had been acknowledged; the last read, by process 3 at 0.0000 s, found 1"], result.Details);
    }

    [Fact]
    public void A_counter_may_count_increments_of_unknown_outcome() =>
        Assert.Equal(Verdict.Holds, Check(new HistoryBuilder().Increment("c", 0, 1, "1").Increment("c", 2, 3, null, Outcome.Info).Read("c", "2", 4, 5)).Verdict);

    [Fact]
    public void Writes_that_nobody_read_back_are_unknown() =>
        Assert.Equal(Verdict.Unknown, Check(new HistoryBuilder().Write("k", "a", 0, 1)).Verdict);

    [Fact]
    public void A_read_before_the_write_is_no_witness() =>
        Assert.Equal(Verdict.Unknown, Check(new HistoryBuilder().Read("k", null, 0, 1).Write("k", "a", 2, 3)).Verdict);

    [Fact]
    public void Deleting_is_no_loss() =>
        Assert.Equal(Verdict.Holds, Check(new HistoryBuilder().Write("k", "a", 0, 1).Delete("k", 2, 3).Read("k", null, 4, 5)).Verdict);
}
