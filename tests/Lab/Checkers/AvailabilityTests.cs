using Cluster.Lab.Checkers;

namespace Cluster.Lab.Tests.Checkers;

public class AvailabilityTests
{
    private const long Ms = 1_000_000;

    [Fact]
    public void The_longest_gap_is_between_answers_of_those_keys_only()
    {
        var history = new HistoryBuilder().Read("a", null, 0, 10 * Ms).Read("b", null, 0, 400 * Ms).Read("a", null, 15 * Ms, 700 * Ms).Build();

        Assert.Equal(TimeSpan.FromMilliseconds(690), Availability.LongestGap(history, key => key == "a"));
        Assert.Equal(TimeSpan.FromMilliseconds(390), Availability.LongestGap(history, _ => true));
    }

    [Fact]
    public void An_answer_that_was_on_its_way_at_the_fault_does_not_count()
    {
        var history = new HistoryBuilder().Read("a", null, 99 * Ms, 101 * Ms).Read("a", null, 200 * Ms, 712 * Ms).Build();

        Assert.Equal(TimeSpan.FromMilliseconds(612), Availability.AnsweredAfter(history, _ => true, 100 * Ms));
    }

    [Fact]
    public void Keys_that_never_answered_again_have_no_time() =>
        Assert.Null(Availability.AnsweredAfter(new HistoryBuilder().Read("a", null, 0, 1).Build(), _ => true, 100));
}
