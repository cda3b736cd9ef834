using Cluster.Modes.CircuitBreaker;

namespace Cluster.Modes.Tests.CircuitBreaker;

/// <summary>A breaker step by step: when it opens, whom it lets through, and how it finds back.</summary>
public class BreakerCoreTests
{
    private static readonly BreakerOptions Options = new() { WindowCalls = 10, MinimumCalls = 4, Probes = 2, OpenInterval = Ms(100), OpenIntervalMax = Ms(350) };

    private readonly BreakerCore breaker = new(Options);
    private TimeSpan now = Ms(1_000);

    [Fact]
    public void Below_the_minimum_of_calls_no_failure_opens_it()
    {
        Calls(3, CallEnd.Failed);

        Assert.Equal(BreakerState.Closed, breaker.State);
        Calls(1, CallEnd.Failed);
        Assert.Equal(BreakerState.Open, breaker.State);
    }

    [Fact]
    public void The_call_that_makes_the_minimum_full_is_judged_though_it_is_a_good_one()
    {
        Calls(3, CallEnd.Failed);
        Calls(1, CallEnd.Answered);
        Assert.Equal(BreakerState.Open, breaker.State);
    }

    [Fact]
    public void The_failure_rate_opens_it_and_one_less_does_not()
    {
        Calls(6, CallEnd.Answered);
        Calls(4, CallEnd.Failed);
        Assert.Equal(BreakerState.Closed, breaker.State);

        Calls(1, CallEnd.Failed); // The oldest answered one leaves the window: five of ten.
        Assert.Equal(BreakerState.Open, breaker.State);
        Assert.Contains("5 of 10 calls failed", breaker.Transitions.Last().Why, StringComparison.Ordinal);
    }

    [Fact]
    public void Slow_answers_open_it_though_none_fails()
    {
        Calls(4, CallEnd.Answered);
        Calls(5, CallEnd.Answered, took: Options.SlowCall);
        Assert.Equal(BreakerState.Closed, breaker.State);

        Calls(1, CallEnd.Answered, took: Options.SlowCall);
        Assert.Equal(BreakerState.Open, breaker.State);
        Assert.Contains("6 of 10 calls took 150 ms or longer", breaker.Transitions.Last().Why, StringComparison.Ordinal);
    }

    [Fact]
    public void What_says_nothing_about_the_dependency_is_not_counted()
    {
        Calls(50, CallEnd.Ignored);

        Assert.Equal((BreakerState.Closed, 0), (breaker.State, breaker.Counts(now).Calls));
    }

    [Fact]
    public void While_open_nobody_is_let_through_and_it_says_for_how_long()
    {
        Open();

        Assert.Equal(new BreakerPermit(false, 1, false, Ms(100)), breaker.TryEnter(now));
        now += Ms(99);
        Assert.False(breaker.TryEnter(now).IsAllowed);
        now += Ms(1);
        Assert.True(breaker.TryEnter(now) is { IsAllowed: true, IsProbe: true });
    }

    [Fact]
    public void Half_open_lets_so_many_probes_through_and_their_success_closes_it_with_an_empty_window()
    {
        Open();
        now += Ms(100);
        var (first, second) = (breaker.TryEnter(now), breaker.TryEnter(now));

        Assert.True(first.IsProbe && second.IsProbe);
        Assert.False(breaker.TryEnter(now).IsAllowed);
        breaker.Ended(first, CallEnd.Answered, Ms(1), now);
        Assert.Equal(BreakerState.HalfOpen, breaker.State);
        Assert.False(breaker.TryEnter(now).IsAllowed);
        breaker.Ended(second, CallEnd.Answered, Ms(1), now);
        Assert.Equal((BreakerState.Closed, 0), (breaker.State, breaker.Counts(now).Calls));
    }

    [Fact]
    public void Slow_probes_open_it_again()
    {
        Open();
        now += Ms(100);

        Probe(CallEnd.Answered, Options.SlowCall);

        Assert.Equal(BreakerState.Open, breaker.State);
    }

    [Fact]
    public void The_open_interval_doubles_up_to_its_bound_and_begins_anew_once_it_has_closed()
    {
        Open();
        var intervals = new List<long>();
        for (var round = 0; round < 4; round++)
        {
            intervals.Add((long)breaker.OpenFor(now).TotalMilliseconds);
            now += breaker.OpenFor(now);
            Probe(CallEnd.Failed, Ms(1));
        }

        Assert.Equal([100, 200, 350, 350], intervals);
        now += breaker.OpenFor(now);
        Probe(CallEnd.Answered, Ms(1));
        Open();
        Assert.Equal(Ms(100), breaker.OpenFor(now));
    }

    [Fact]
    public void A_probe_that_says_nothing_is_no_success_and_its_place_is_not_given_to_another()
    {
        Open();
        now += Ms(100);
        var (first, second) = (breaker.TryEnter(now), breaker.TryEnter(now));

        breaker.Ended(first, CallEnd.Ignored, Ms(1), now);
        Assert.False(breaker.TryEnter(now).IsAllowed);
        breaker.Ended(second, CallEnd.Answered, Ms(1), now);
        Assert.Equal(BreakerState.Open, breaker.State);
    }

    [Fact]
    public void What_ends_in_a_later_state_than_it_began_in_changes_nothing()
    {
        var old = breaker.TryEnter(now);
        Open();
        now += Ms(100);
        var (first, second) = (breaker.TryEnter(now), breaker.TryEnter(now));

        breaker.Ended(old, CallEnd.Answered, Ms(100), now);
        breaker.Ended(old, CallEnd.Answered, Ms(100), now);
        Assert.Equal(BreakerState.HalfOpen, breaker.State);

        breaker.Ended(first, CallEnd.Answered, Ms(1), now);
        breaker.Ended(second, CallEnd.Answered, Ms(1), now);
        breaker.Ended(old, CallEnd.Failed, Ms(100), now);
        Assert.Equal(0, breaker.Counts(now).Calls);
    }

    [Fact]
    public void Tripped_by_hand_it_stays_open_until_it_is_reset()
    {
        Assert.True(breaker.Trip(now));
        Assert.False(breaker.Trip(now));
        now += TimeSpan.FromHours(1);

        Assert.False(breaker.TryEnter(now).IsAllowed);
        Assert.True(breaker.Reset(now));
        Assert.True(breaker.TryEnter(now) is { IsAllowed: true, IsProbe: false });
        Assert.All(breaker.Transitions, change => Assert.True(change.ByHand));
    }

    [Fact]
    public void A_reset_of_a_closed_one_only_forgets()
    {
        Calls(3, CallEnd.Failed);

        Assert.False(breaker.Reset(now));
        Assert.Equal(0, breaker.Counts(now).Calls);
        Assert.Empty(breaker.Transitions);
    }

    [Fact]
    public void Changes_of_state_are_numbered_without_gaps_and_the_oldest_are_forgotten()
    {
        for (var round = 0; round < 30; round++)
        {
            Open();
            now += breaker.OpenFor(now);
            Probe(CallEnd.Answered, Ms(1));
        }

        Assert.Equal(90, breaker.Generation);
        Assert.Equal(Enumerable.Range(91 - BreakerCore.TransitionsKept, BreakerCore.TransitionsKept).Select(number => (long)number), breaker.Transitions.Select(change => change.Number));
        Assert.All(breaker.Transitions.Zip(breaker.Transitions.Skip(1)), pair => Assert.Equal(pair.First.To, pair.Second.From));
    }

    private static TimeSpan Ms(double ms) => TimeSpan.FromMilliseconds(ms);

    private void Open()
    {
        while (breaker.State == BreakerState.Closed)
        {
            Calls(1, CallEnd.Failed);
        }
    }

    private void Probe(CallEnd end, TimeSpan took)
    {
        for (var probe = 0; probe < Options.Probes; probe++)
        {
            breaker.Ended(breaker.TryEnter(now), end, took, now);
        }
    }

    private void Calls(int count, CallEnd end, TimeSpan took = default)
    {
        for (var call = 0; call < count; call++)
        {
            var permit = breaker.TryEnter(now);
            Assert.True(permit.IsAllowed);
            breaker.Ended(permit, end, took, now);
        }
    }
}
