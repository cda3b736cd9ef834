using Cluster.Lab.Checkers;
using Cluster.Lab.Checkers.Logs;

namespace Cluster.Lab.Tests.Checkers;

/// <summary>Consume, process, produce: what is right, and each thing that can be wrong.</summary>
public class PipelineCheckerTests
{
    private const string Sent = """
        1 send w:in0 p.0.0 -> 0 @ 0-1
        1 send w:in0 p.0.1 -> 1 @ 2-3
        1 send w:in0 q.0.0 -> 2 @ 4-5
        2 poll w:in0 0 -> [[0,"p.0.0"],[1,"p.0.1"],[2,"q.0.0"]] @ 20-21
        2 poll w:in0 3 -> [] @ 22-23

        """;

    [Fact]
    public void An_output_that_is_its_input_holds_also_where_it_is_not_through_yet()
    {
        Assert.Equal(Verdict.Holds, Check("""[[0,"p.0.0"],[1,"p.0.1"],[2,"q.0.0"]]""", """{"offset":3,"table":{"p":"p.0.1","q":"q.0.0"}}""").Verdict);
        Assert.Equal(Verdict.Holds, Check("""[[0,"p.0.0"]]""", """{"offset":1,"table":{"p":"p.0.0"}}""").Verdict);
    }

    [Theory]
    [InlineData("""[[0,"p.0.0"],[1,"q.0.0"]]""", "skipped:")]
    [InlineData("""[[0,"p.0.0"],[1,"p.0.0"]]""", "again:")]
    [InlineData("""[[0,"p.0.0"],[1,"x.0.0"]]""", "phantom:")]
    [InlineData("""[[0,"p.0.0"],[2,"p.0.1"]]""", "lost:")]
    [InlineData("""[[0,"p.0.1"],[1,"p.0.0"]]""", "skipped:")]
    public void An_output_that_is_not_its_input_says_how(string output, string how)
    {
        var result = Check(output, """{"offset":0,"table":{}}""");

        Assert.Equal(Verdict.Violated, result.Verdict);
        Assert.StartsWith(how, result.Details[0], StringComparison.Ordinal);
    }

    [Fact]
    public void What_whoever_processed_was_told_must_be_there() => Assert.Contains(
        "and it is not there",
        Check("""[[0,"p.0.0"]]""", """{"offset":0,"table":{}}""", """3 process w:out0 -> {"to":2,"values":["p.0.1"]} @ 6-7""").Details[0],
        StringComparison.Ordinal);

    [Fact]
    public void A_table_that_is_not_what_the_log_says_is_found() =>
        Assert.StartsWith("table:", Check("""[[0,"p.0.0"],[1,"p.0.1"]]""", """{"offset":2,"table":{"p":"p.0.0"}}""").Details[0], StringComparison.Ordinal);

    [Fact]
    public void A_log_that_is_wrong_is_wrong_here_too() =>
        Assert.Equal(Verdict.Violated, new PipelineChecker().Check(Recorded.History(Sent + """2 poll w:in0 0 -> [[0,"p.0.1"]] @ 24-25""")).Verdict);

    [Fact]
    public void Where_nothing_was_made_nothing_is_known() => Assert.Equal(Verdict.Unknown, new PipelineChecker().Check(Recorded.History(Sent)).Verdict);

    private static CheckResult Check(string output, string table, string more = "") => new PipelineChecker().Check(Recorded.History($"{Sent}2 poll w:out0 0 -> {output} @ 24-25\n4 table w:table0 -> {table} @ 8-9\n{more}"));
}
