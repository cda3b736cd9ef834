using Cluster.Lab.Checkers;
using Cluster.Lab.Checkers.Sessions;

namespace Cluster.Lab.Tests.Checkers;

public class SessionGuaranteesCheckerTests
{
    private static CheckResult Check(string lines, params SessionGuarantee[] promised) =>
        new SessionGuaranteesChecker(promised.Length > 0 ? promised : Enum.GetValues<SessionGuarantee>()).Check(Recorded.History(lines));

    [Fact]
    public void A_stale_read_by_somebody_else_breaks_no_session_guarantee() => Assert.Equal(Verdict.Holds, Check("""
        1 write x 1 @ 0-1
        1 write x 2 @ 2-3
        2 read x -> 1 @ 4-5
        2 read x -> 2 @ 6-7
        """).Verdict);

    [Fact]
    public void A_client_that_does_not_see_its_own_write_is_shown()
    {
        var result = Check("""
            1 write x 1 @ 0-1
            1 write x 2 @ 2-3
            1 read x -> 1 @ 4-5
            """);

        Assert.Equal(Verdict.Violated, result.Verdict);
        Assert.Contains("read your writes: process 1 read 1 from x", result.Details[0], StringComparison.Ordinal);
    }

    [Fact]
    public void A_client_whose_reads_go_back_is_shown() => Assert.Contains("monotonic reads", Check("""
        1 write x 1 @ 0-1
        1 write x 2 @ 2-3
        2 read x -> 2 @ 4-5
        2 read x -> 1 @ 6-7
        """).Summary, StringComparison.Ordinal);

    [Fact]
    public void Writes_of_one_client_seen_out_of_order_are_shown() => Assert.Contains("monotonic writes", Check("""
        1 write x 1 @ 0-1
        1 write y 1 @ 2-3
        2 read y -> 1 @ 4-5
        2 read x -> nothing @ 6-7
        """).Summary, StringComparison.Ordinal);

    [Fact]
    public void An_answer_seen_without_its_question_is_shown() => Assert.Contains("writes follow reads", Check("""
        1 write question 1 @ 0-1
        2 read question -> 1 @ 2-3
        2 write answer 1 @ 4-5
        3 read answer -> 1 @ 6-7
        3 read question -> nothing @ 8-9
        """).Summary, StringComparison.Ordinal);

    [Fact]
    public void Only_what_is_promised_is_judged() => Assert.Equal(Verdict.Holds, Check("""
        1 write x 1 @ 0-1
        1 write x 2 @ 2-3
        1 read x -> 1 @ 4-5
        """, SessionGuarantee.WritesFollowReads).Verdict);

    [Fact]
    public void A_write_of_unknown_outcome_raises_no_floor_of_its_writer() => Assert.Equal(Verdict.Holds, Check("""
        1 write x 1 @ 0-1
        1 write x 2 @ 2-3 ?
        1 read x -> 1 @ 4-5
        """).Verdict);

    [Theory]
    [InlineData("1 write x 1 @ 0-1\n2 write x 2 @ 2-3\n2 read x -> 2 @ 4-5", "two writers")]
    [InlineData("1 write x 2 @ 0-1\n1 write x 1 @ 2-3\n1 read x -> 1 @ 4-5", "do not rise")]
    [InlineData("1 write x 1 @ 0-1", "nobody read")]
    public void Where_versions_cannot_be_told_nothing_is_concluded(string lines, string why)
    {
        var result = Check(lines);

        Assert.Equal(Verdict.Unknown, result.Verdict);
        Assert.Contains(why, result.Summary, StringComparison.Ordinal);
    }
}
