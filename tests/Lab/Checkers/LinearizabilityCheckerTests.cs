using Cluster.Lab.Checkers;
using Cluster.Lab.Histories;

namespace Cluster.Lab.Tests.Checkers;

public class LinearizabilityCheckerTests
{
    private static CheckResult Check(HistoryBuilder history, KeyValueModel? model = null) =>
        new LinearizabilityChecker(model ?? KeyValueModel.Kv, CheckLimits.Default, TimeProvider.System).Check(history.Build());

    [Fact]
    public void Operations_one_after_another_are_linearizable()
    {
        var history = new HistoryBuilder().Read("k", null, 0, 1).Write("k", "a", 2, 3).Read("k", "a", 4, 5).Cas("k", "a", "b", 6, 7).Read("k", "b", 8, 9);

        Assert.Equal(Verdict.Holds, Check(history).Verdict);
    }

    [Fact]
    public void A_concurrent_read_may_see_either_value()
    {
        Assert.Equal(Verdict.Holds, Check(new HistoryBuilder().Write("k", "a", 0, 1).Write("k", "b", 2, 10).Read("k", "a", 3, 4).Read("k", "b", 5, 6)).Verdict);
    }

    [Fact]
    public void A_stale_read_is_rejected_and_named()
    {
        var result = Check(new HistoryBuilder().Write("k", "a", 0, 1).Write("k", "b", 2, 3).Read("k", "a", 4, 5));

        Assert.Equal(Verdict.Violated, result.Verdict);
        Assert.Contains(result.Details, line => line.Contains("process 2: read k -> \"a\"", StringComparison.Ordinal));
    }

    [Fact]
    public void A_lost_write_is_rejected() =>
        Assert.Equal(Verdict.Violated, Check(new HistoryBuilder().Write("k", "a", 0, 1).Read("k", null, 2, 3)).Verdict);

    [Fact]
    public void Reads_that_go_back_in_time_are_rejected() =>
        Assert.Equal(Verdict.Violated, Check(new HistoryBuilder().Write("k", "a", 0, 1).Write("k", "b", 2, 20).Read("k", "b", 3, 4).Read("k", "a", 5, 6)).Verdict);

    [Fact]
    public void Two_compare_and_sets_from_one_value_cannot_both_succeed() =>
        Assert.Equal(Verdict.Violated, Check(new HistoryBuilder().Write("k", "a", 0, 1).Cas("k", "a", "b", 2, 9).Cas("k", "a", "c", 2, 9)).Verdict);

    [Fact]
    public void A_counter_that_answers_one_number_twice_is_rejected() =>
        Assert.Equal(Verdict.Violated, Check(new HistoryBuilder().Increment("k", 0, 5, "1").Increment("k", 1, 6, "1"), KeyValueModel.Counter).Verdict);

    [Fact]
    public void A_write_of_unknown_outcome_may_take_effect_late() =>
        Assert.Equal(Verdict.Holds, Check(new HistoryBuilder().Write("k", "a", 0, 1).Write("k", "b", 2, 3, Outcome.Info).Read("k", "a", 4, 5).Read("k", "b", 6, 7)).Verdict);

    [Fact]
    public void A_write_of_unknown_outcome_cannot_take_effect_before_its_call() =>
        Assert.Equal(Verdict.Violated, Check(new HistoryBuilder().Write("k", "a", 0, 1).Read("k", "b", 2, 3).Write("k", "b", 4, 5, Outcome.Info)).Verdict);

    [Fact]
    public void A_failed_write_that_is_read_is_rejected() =>
        Assert.Equal(Verdict.Violated, Check(new HistoryBuilder().Write("k", "a", 0, 1, Outcome.Fail).Read("k", "a", 2, 3)).Verdict);

    [Fact]
    public void An_unknown_write_that_only_an_unknown_compare_and_set_saw_is_not_left_out() =>
        Assert.Equal(Verdict.Holds, Check(new HistoryBuilder().Write("k", "a", 0, 1, Outcome.Info).Cas("k", "a", "b", 2, 3, Outcome.Info).Read("k", "b", 4, 5)).Verdict);

    [Fact]
    public void Each_key_is_judged_alone() =>
        Assert.Equal(Verdict.Violated, Check(new HistoryBuilder().Write("x", "a", 0, 1).Read("x", "a", 2, 3).Write("y", "a", 0, 1).Delete("y", 2, 3).Read("y", "a", 4, 5)).Verdict);

    [Fact]
    public void An_operation_without_meaning_is_unknown_not_passed() =>
        Assert.Equal(Verdict.Unknown, Check(new HistoryBuilder().Increment("k", 0, 1, "1"), KeyValueModel.Register).Verdict);

    [Fact]
    public void An_empty_history_is_unknown() => Assert.Equal(Verdict.Unknown, Check(new HistoryBuilder()).Verdict);

    [Fact]
    public void A_search_that_meets_its_bound_is_unknown()
    {
        // Many concurrent increments without answers in front of an impossible read: every subset is tried.
        var history = new HistoryBuilder();
        for (var i = 0; i < 40; i++)
        {
            history.Write("k", "v" + i, 0, 1_000_000).Read("k", "v" + i, 1, 999_999);
        }

        history.Read("k", "never written", 1_000_001, 1_000_002);
        var checker = new LinearizabilityChecker(KeyValueModel.Kv, new CheckLimits(TimeSpan.FromSeconds(20), 20_000), TimeProvider.System);

        Assert.Equal(Verdict.Unknown, checker.Check(history.Build()).Verdict);
    }

    [Fact]
    public void Hundreds_of_unknown_writes_stay_decidable()
    {
        var history = new HistoryBuilder();
        for (var i = 0; i < 300; i++)
        {
            history.Write("k", "lost" + i, i, i + 1, Outcome.Info).Increment("c", i, i + 1, null, Outcome.Info);
        }

        history.Write("k", "a", 400, 401).Read("k", "a", 402, 403).Read("c", "17", 402, 403).Read("c", "300", 404, 405);

        Assert.Equal(Verdict.Holds, Check(history).Verdict);
    }
}
