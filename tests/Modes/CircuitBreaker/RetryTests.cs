using Cluster.Modes.CircuitBreaker;

namespace Cluster.Modes.Tests.CircuitBreaker;

public class RetryTests
{
    [Fact]
    public void Pauses_double_up_to_their_bound_and_jitter_takes_any_part_of_them()
    {
        var options = new RetryOptions { Pause = TimeSpan.FromMilliseconds(100), PauseMax = TimeSpan.FromMilliseconds(300) };

        Assert.Equal([50, 100, 150, 150], Enumerable.Range(1, 4).Select(retry => options.PauseBefore(retry, 0.5).TotalMilliseconds));
        Assert.Equal(TimeSpan.Zero, options.PauseBefore(1, 0));
        Assert.Equal(300, options.PauseBefore(1_000, 1).TotalMilliseconds);
    }

    [Fact]
    public void Without_jitter_every_pause_is_its_bound() =>
        Assert.Equal(new RetryOptions { HasJitter = false }.PauseBefore(1, 0.1), new RetryOptions { HasJitter = false }.PauseBefore(1, 0.9));

    [Fact]
    public void However_many_calls_fail_no_more_than_a_tenth_is_sent_again_after_the_burst()
    {
        var budget = new RetryBudget(new RetryOptions { BudgetPercent = 10, BudgetBurst = 5 });
        var retries = 0;
        for (var call = 0; call < 10_000; call++)
        {
            budget.Deposit();
            retries += budget.TryTake() ? 1 : 0;
        }

        Assert.InRange(retries, 1_000, 1_005);
    }

    [Fact]
    public void A_quiet_time_saves_up_a_burst_and_no_more()
    {
        var budget = new RetryBudget(new RetryOptions { BudgetPercent = 10, BudgetBurst = 5 });
        for (var call = 0; call < 1_000; call++)
        {
            budget.Deposit();
        }

        Assert.Equal(5, Enumerable.Range(0, 20).Count(_ => budget.TryTake()));
    }
}
