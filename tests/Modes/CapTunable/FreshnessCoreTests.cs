using Cluster.Modes.CapTunable;
using FsCheck;
using FsCheck.Fluent;

namespace Cluster.Modes.Tests.CapTunable;

/// <summary>What a node knows of how far a partition was: of the time of its question, not of the answer, or the bound would be no bound.</summary>
public class FreshnessCoreTests
{
    private static readonly TimeSpan Bound = TimeSpan.FromMilliseconds(500);

    private readonly FreshnessCore core = new();

    [Fact]
    public void A_position_is_as_old_as_the_question_for_it()
    {
        Assert.True(core.BeginAsking(1, Bound, At(0)));
        core.Answered(1, 7);

        Assert.True(FreshnessCore.Keeps(core.Find(1), 7, Bound, At(500)));
        Assert.False(FreshnessCore.Keeps(core.Find(1), 7, Bound, At(501)));
        Assert.False(FreshnessCore.Keeps(core.Find(1), 6, Bound, At(0)));
        Assert.False(FreshnessCore.Keeps(core.Find(2), 7, Bound, At(0)));
    }

    [Fact]
    public void One_question_is_under_way_at_a_time_and_the_next_begins_before_the_bound_is_over()
    {
        Assert.True(core.BeginAsking(1, Bound, At(0)));
        Assert.False(core.BeginAsking(1, Bound, At(10)));
        Assert.True(core.BeginAsking(2, Bound, At(10)));
        core.Answered(1, 7);
        Assert.False(core.BeginAsking(1, Bound, At(250)));
        Assert.True(core.BeginAsking(1, Bound, At(251)));
    }

    [Fact]
    public void A_question_that_failed_is_asked_again_and_an_answer_that_nobody_waits_for_tells_nothing()
    {
        core.BeginAsking(1, Bound, At(0));
        core.Failed(1);
        core.Answered(1, 9);

        Assert.Null(core.Find(1));
        Assert.True(core.BeginAsking(1, Bound, At(1)));
    }

    [Fact]
    public void What_is_let_through_never_lacks_what_was_acknowledged_longer_ago_than_the_bound() => Prop.ForAll(
        Gen.Choose(0, int.MaxValue).ToArbitrary(),
        seed =>
        {
            // A leader whose position grows, a follower that lags by any number of writes, questions that take any time.
            var (random, freshness, now, position) = (new Random(seed), new FreshnessCore(), 0, 0L);
            var acknowledged = new List<int>(); // At index i: when write i+1 was acknowledged.
            (int Answered, long Position)? asked = null;
            for (var step = 0; step < 300; step++)
            {
                now += random.Next(60);
                if (random.Next(3) == 0)
                {
                    position++;
                    acknowledged.Add(now);
                }

                if (asked is { } question && now >= question.Answered)
                {
                    freshness.Answered(1, question.Position);
                    asked = null;
                }

                if (freshness.BeginAsking(1, Bound, At(now)))
                {
                    asked = (now + random.Next(700), position);
                }

                var replica = Math.Max(0, position - random.Next(20));
                if (FreshnessCore.Keeps(freshness.Find(1), replica, Bound, At(now)))
                {
                    var missed = acknowledged.Skip((int)replica).Where(at => now - at > Bound.TotalMilliseconds);
                    Assert.Empty(missed);
                }
            }
        }).QuickCheckThrowOnFailure();

    private static TimeSpan At(int milliseconds) => TimeSpan.FromMilliseconds(milliseconds);
}
