using Cluster.Modes.CircuitBreaker;

namespace Cluster.Modes.Tests.CircuitBreaker;

/// <summary>What becomes of a call: each way in which an attempt can end, and each bound that it can meet.</summary>
public class ProxyCoreTests
{
    [Fact]
    public void An_answer_is_fresh_and_is_told_with_its_life()
    {
        var world = new ProxyWorld();
        var call = world.Begin();
        world.Wait(3);

        world.Answer(call, value: 7);

        Assert.Equal(new CallReport("n9", "n1/a", "a", "k1", CallReport.Fresh, 1, BreakerState.Closed, 3) { Value = 7, Life = "L" }, world.Reports[call]);
        Assert.Equal(0, world.Proxy.UnderWay);
    }

    [Fact]
    public void A_callers_mistake_is_told_at_once_and_says_nothing_against_the_dependency()
    {
        var world = new ProxyWorld();
        for (var i = 0; i < 50; i++)
        {
            var call = world.Begin(isAdd: true);
            world.Answer(call, failure: "the id is another's", isConflict: true);
            Assert.Equal((CallReport.Conflict, 1, "the id is another's"), (world.Reports[call].Outcome, world.Reports[call].Attempts, world.Reports[call].Why));
            Assert.Equal(BreakerState.Closed, world.Reports[call].Breaker);
        }
    }

    [Fact]
    public void A_failed_attempt_is_repeated_after_its_pause_with_the_same_key_and_less_time()
    {
        var world = new ProxyWorld();
        var call = world.Begin(isAdd: true);
        world.Answer(call, failure: "broken");
        Assert.Single(world.Sent);

        world.Wake(call);

        Assert.Equal((2, "k1", 950), (world.Sent[1].Number, world.Sent[1].Key, world.Sent[1].LeftMs));
        Assert.NotEqual(world.Sent[0].Attempt, world.Sent[1].Attempt);
        world.Answer(call, value: 1);
        Assert.Equal((CallReport.Fresh, 2), (world.Reports[call].Outcome, world.Reports[call].Attempts));
    }

    [Fact]
    public void An_add_whose_attempt_was_not_answered_is_unknown_one_whose_attempts_all_failed_is_not()
    {
        var world = new ProxyWorld();
        var (silent, failing) = (world.Begin(isAdd: true), world.Begin(isAdd: true));
        world.Wake(silent);
        world.Wake(silent);
        world.Answer(silent, failure: "broken");
        world.Wake(silent);
        world.Answer(silent, failure: "broken");
        for (var attempt = 0; attempt < 3; attempt++)
        {
            if (attempt > 0)
            {
                world.Wake(failing);
            }

            world.Answer(failing, failure: "broken");
        }

        Assert.Equal(CallReport.Unknown, world.Reports[silent].Outcome);
        Assert.Equal(CallReport.Failed, world.Reports[failing].Outcome);
    }

    [Fact]
    public void A_late_answer_to_an_attempt_that_was_given_up_changes_nothing()
    {
        var world = new ProxyWorld();
        var call = world.Begin();
        world.Wake(call);

        world.Answer(call, value: 5);

        Assert.Empty(world.Reports);
        Assert.Equal(1, world.Proxy.Breaker.Counts(world.Now).Calls);
    }

    [Fact]
    public void No_attempt_outlives_the_deadline_and_no_pause_reaches_past_it()
    {
        var world = new ProxyWorld();
        var call = world.Begin(withinMs: 300);
        Assert.Equal(250, (world.Alarms[call] - world.Now).TotalMilliseconds);

        world.Wake(call);

        Assert.Equal(CallReport.Exhausted, world.Reports[call].Because);
        Assert.Single(world.Sent);
    }

    [Fact]
    public void What_the_deadline_cut_short_is_not_held_against_the_dependency()
    {
        var world = new ProxyWorld();
        var call = world.Begin(withinMs: 20);

        world.Wake(call);

        Assert.Equal(CallReport.Failed, world.Reports[call].Outcome);
        Assert.Equal(0, world.Proxy.Breaker.Counts(world.Now).Calls);
    }

    /// <summary>Else callers with short deadlines would never see it open, and go on holding their places.</summary>
    [Fact]
    public void What_the_deadline_cut_short_after_many_times_what_an_answer_takes_has_failed()
    {
        var world = new ProxyWorld();
        for (var number = 0; number < 10; number++)
        {
            world.Wake(world.Begin(withinMs: 100));
        }

        Assert.Equal(BreakerState.Open, world.Proxy.Breaker.State);
    }

    [Fact]
    public void Calls_beyond_the_bulkhead_are_refused_at_once_and_leave_no_trace_in_the_breaker()
    {
        var world = new ProxyWorld();
        var calls = Enumerable.Range(0, 5).Select(_ => world.Begin(isAdd: true)).ToList();

        Assert.Equal((CallReport.Refused, CallReport.Bulkhead, 0), (world.Reports[calls[4]].Outcome, world.Reports[calls[4]].Because, world.Reports[calls[4]].Attempts));
        Assert.Equal(4, world.Sent.Count);
        world.Answer(calls[0]);
        Assert.False(world.Reports.ContainsKey(world.Begin()));
    }

    [Fact]
    public void An_open_breaker_sends_nothing_and_a_read_falls_back_on_what_is_known_with_its_age()
    {
        var world = new ProxyWorld();
        var known = world.Begin();
        world.Wait(10);
        world.Answer(known, value: 42);
        world.OpenBreaker();
        var (sent, asked) = (world.Sent.Count, world.Now);

        var (read, unread, add) = (world.Begin(), world.Begin(item: "b"), world.Begin(isAdd: true));

        Assert.Equal(sent, world.Sent.Count);
        Assert.Equal((CallReport.Stale, 42L, CallReport.Open), (world.Reports[read].Outcome, world.Reports[read].Value, world.Reports[read].Because));
        Assert.Equal((long)Math.Ceiling((asked - TimeSpan.FromSeconds(10)).TotalMilliseconds), world.Reports[read].AgeMs);
        Assert.Equal(CallReport.Refused, world.Reports[unread].Outcome);
        Assert.Equal(CallReport.Refused, world.Reports[add].Outcome);
    }

    [Fact]
    public void The_answer_to_a_repeated_add_is_one_of_before_and_is_never_fallen_back_on()
    {
        var world = new ProxyWorld();
        var add = world.Begin(isAdd: true);
        world.Wake(add);
        world.Wake(add);
        world.Answer(add, value: 3, isRepeat: true);
        world.OpenBreaker();

        Assert.Equal(CallReport.Refused, world.Reports[world.Begin()].Outcome);
    }

    [Fact]
    public void Retries_end_with_their_budget()
    {
        var world = new ProxyWorld(new ProxyOptions { Breaker = new BreakerOptions { MinimumCalls = 1_000 }, Retry = new RetryOptions { BudgetBurst = 3, BudgetPercent = 1 } });
        var ends = new List<string?>();
        for (var round = 0; round < 4; round++)
        {
            var call = world.Begin();
            world.Answer(call, failure: "broken");
            while (!world.Reports.ContainsKey(call))
            {
                world.Wake(call);
                world.Answer(call, failure: "broken");
            }

            ends.Add(world.Reports[call].Because);
        }

        Assert.Equal([CallReport.Exhausted, CallReport.Budget, CallReport.Budget, CallReport.Budget], ends);
        Assert.Equal(3, world.Proxy.Tally.Retries);
    }

    [Fact]
    public void Probes_carry_the_generation_of_the_half_open_breaker()
    {
        var world = new ProxyWorld();
        world.OpenBreaker();
        world.Wait(500);

        var probe = world.Begin();

        Assert.Equal(2, world.Sent.Last(sent => sent.Call == probe).Probe);
        Assert.Equal(BreakerState.HalfOpen, world.Proxy.Breaker.State);
    }

    [Fact]
    public void However_calls_end_each_is_reported_once_and_nothing_stays_behind()
    {
        var random = new Random(5);
        var world = new ProxyWorld();
        var open = new List<long>();
        for (var step = 0; step < 20_000; step++)
        {
            open.RemoveAll(world.Reports.ContainsKey);
            if (open.Count == 0 || random.Next(3) == 0)
            {
                open.Add(world.Begin(isAdd: random.Next(2) == 0, withinMs: random.Next(1, 1_500)));
            }
            else if (random.Next(2) == 0)
            {
                world.Answer(open[random.Next(open.Count)], failure: random.Next(2) == 0 ? "broken" : null);
            }
            else
            {
                world.Wake(open.MinBy(call => world.Alarms[call]));
            }

            world.Wait(random.Next(5));
            Assert.InRange(world.Proxy.UnderWay, 0, 4);
        }

        open.RemoveAll(world.Reports.ContainsKey);
        while (open.Count > 0)
        {
            world.Wake(open[0]);
            open.RemoveAll(world.Reports.ContainsKey);
        }

        Assert.Equal(0, world.Proxy.UnderWay);
        Assert.Equal(world.Proxy.Tally.Calls, world.Reports.Count);
        Assert.True(world.Proxy.Tally.Retries <= (world.Proxy.Tally.Calls / 10) + 10);
        Assert.Contains(world.Reports.Values, report => report.Breaker == BreakerState.Open);
    }
}
