using Cluster.Lab.Comparison;
using Cluster.Lab.Tests.Workloads;

namespace Cluster.Lab.Tests.Comparison;

public class ComparisonStepsTests
{
    [Fact]
    public void What_is_left_is_guessed_from_what_is_done_and_never_more_than_all()
    {
        var time = new VirtualClock();
        var told = new List<(string Words, double Share, TimeSpan? Left)>();
        var steps = new ComparisonSteps(20, time, (words, share, left) => told.Add((words, share, left)));

        steps.Say("starting");
        time.Run(() => Task.Delay(TimeSpan.FromSeconds(10), time));
        steps.Advance(5, "a quarter");
        steps.Advance(30, "more than there are");

        Assert.Equal([("starting", 0, null), ("a quarter", 0.25, TimeSpan.FromSeconds(30)), ("more than there are", 1, TimeSpan.Zero)], told);
    }
}
