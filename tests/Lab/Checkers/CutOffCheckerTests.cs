using Cluster.Lab.Checkers;
using Cluster.Lab.Histories;

namespace Cluster.Lab.Tests.Checkers;

/// <summary>What is said of a node that is cut off counts its own answers, within the cut only, and how old they were.</summary>
public class CutOffCheckerTests
{
    private static readonly Operation[] Writes = [Write("1", 0, 1), Write("2", 15, 16)];

    [Fact]
    public void Answers_are_counted_at_that_node_and_within_the_cut_and_their_age_is_told()
    {
        var result = Check(50, Read("n2", "1", 12, Outcome.Ok), Read("n2", "1", 18, Outcome.Ok), Read("n2", null, 19, Outcome.Fail), Read("n1", null, 18, Outcome.Fail), Read("n2", null, 25, Outcome.Fail));

        Assert.Equal((Verdict.Holds, "2 of 3 reads answered, the last 8000 ms after the cut, 50 % stale by up to 2000 ms"), (result.Verdict, result.Summary));
    }

    [Fact]
    public void A_node_that_answers_too_few_breaks_its_promise_and_is_only_measured_where_it_gave_none()
    {
        Operation[] reads = [Read("n2", "1", 12, Outcome.Ok), Read("n2", null, 13, Outcome.Fail), Read("n2", null, 14, Outcome.Fail)];

        Assert.Equal(Verdict.Violated, Check(50, reads).Verdict);
        Assert.Equal(Verdict.Holds, Check(0, reads).Verdict);
    }

    [Fact]
    public void Without_a_cut_there_is_nothing_to_tell() => Assert.Equal("no node was cut off", new CutOffChecker(50).Check(new History(Writes, [])).Summary);

    [Fact]
    public void A_promise_about_a_cut_off_node_that_nobody_tried_is_not_shown()
    {
        Assert.Equal(Verdict.Unknown, Check(50, Read("n1", "1", 12, Outcome.Ok)).Verdict);
        Assert.Equal(Verdict.Holds, Check(0, Read("n1", "1", 12, Outcome.Ok)).Verdict);
    }

    private static CheckResult Check(int least, params Operation[] reads) =>
        new CutOffChecker(least).Check(new History([.. Writes, .. reads], [new FaultEvent("cut", "n2 / n1,n3", Seconds(10)), new FaultEvent("heal", "n2 / n1,n3", Seconds(20), "cut")]));

    private static Operation Write(string value, int call, int end) => new(1, "write", "k", [value], Seconds(call), Seconds(end), Outcome.Ok, Node: "n1");

    private static Operation Read(string node, string? value, int call, Outcome outcome) => new(2, "read", "k", [], Seconds(call), Seconds(call) + 1, outcome, value, node);

    private static long Seconds(int seconds) => seconds * 1_000_000_000L;
}
