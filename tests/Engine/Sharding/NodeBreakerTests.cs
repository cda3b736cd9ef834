using Cluster.Engine.Sharding.Client;

namespace Cluster.Engine.Tests.Sharding;

/// <summary>When a node's circuit breaker opens, lets probes through, and closes.</summary>
public sealed class NodeBreakerTests
{
    private static readonly ShardClientOptions Options = new() { BreakerMinimumThroughput = 10, BreakerFailureRatio = 0.5 };
    private readonly NodeBreaker breaker = new(Options);
    private TimeSpan now = TimeSpan.FromSeconds(1);

    [Fact]
    public void Opens_when_half_of_enough_attempts_got_no_answer()
    {
        End(answered: 5, unanswered: 4);
        Assert.False(breaker.IsOpen);
        End(answered: 0, unanswered: 1);
        Assert.True(breaker.IsOpen);
        Assert.False(breaker.TryEnter(now));
    }

    [Fact]
    public void Stays_closed_while_most_are_answered_or_attempts_are_few()
    {
        End(answered: 0, unanswered: 9);
        Assert.False(breaker.IsOpen);
        now += Options.BreakerWindow;
        End(answered: 30, unanswered: 20);
        Assert.False(breaker.IsOpen);
    }

    [Fact]
    public void Failures_of_an_earlier_window_do_not_count()
    {
        End(answered: 0, unanswered: 9);
        now += Options.BreakerWindow;
        End(answered: 0, unanswered: 9);
        Assert.False(breaker.IsOpen);
    }

    [Fact]
    public void Lets_one_probe_through_after_each_pause()
    {
        End(answered: 0, unanswered: 10);
        now += Options.BreakerPause;
        Assert.True(breaker.TryEnter(now));
        Assert.False(breaker.TryEnter(now));
        breaker.Ended(now, answered: false);
        Assert.False(breaker.TryEnter(now));
        now += Options.BreakerPause;
        Assert.True(breaker.TryEnter(now));
    }

    [Fact]
    public void Closes_with_an_answer_and_counts_from_the_beginning()
    {
        End(answered: 0, unanswered: 10);
        now += Options.BreakerPause;
        Assert.True(breaker.TryEnter(now));
        breaker.Ended(now, answered: true);
        Assert.True(breaker.TryEnter(now));
        End(answered: 0, unanswered: 9);
        Assert.False(breaker.IsOpen);
    }

    private void End(int answered, int unanswered)
    {
        for (var i = 0; i < answered + unanswered; i++)
        {
            breaker.Ended(now, i < answered);
        }
    }
}
