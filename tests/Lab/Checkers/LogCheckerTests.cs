using Cluster.Lab.Checkers;
using Cluster.Lab.Checkers.Logs;

namespace Cluster.Lab.Tests.Checkers;

public class LogCheckerTests
{
    private static CheckResult Check(string lines) => new LogChecker().Check(Recorded.History(lines));

    [Fact]
    public void A_log_that_gives_back_what_it_was_sent_holds() => Assert.Equal(Verdict.Holds, Check("""
        1 send p a -> 0 @ 0-1
        2 send p b @ 0-1 ?
        1 send p c -> 2 @ 2-3
        3 poll p -> [[0,"a"],[1,"b"],[2,"c"]] @ 4-5
        3 poll p -> [] @ 6-7
        """).Verdict);

    [Theory]
    [InlineData("[[0,\"a\"],[2,\"c\"]]", "lost 1")]
    [InlineData("[[0,\"a\"],[2,\"c\"],[1,\"b\"]]", "reordered 1")]
    [InlineData("[[0,\"a\"],[1,\"b\"],[2,\"c\"],[3,\"z\"]]", "phantom 1")]
    [InlineData("[[0,\"a\"],[1,\"b\"],[2,\"c\"],[3,\"failed\"]]", "phantom 1")]
    [InlineData("[[0,\"a\"],[1,\"b\"],[2,\"c\"],[3,\"b\"]]", "twice 1")]
    [InlineData("[[0,\"b\"],[1,\"b\"],[2,\"c\"]]", "different 1")]
    public void A_log_that_is_wrong_says_how(string polled, string how)
    {
        var result = Check($"1 send p a -> 0 @ 0-1\n1 send p b -> 1 @ 2-3\n1 send p c -> 2 @ 4-5\n2 send p failed @ 0-1 !\n3 poll p -> {polled} @ 6-7");

        Assert.Equal(Verdict.Violated, result.Verdict);
        Assert.Contains(how, result.Summary, StringComparison.Ordinal);
    }

    [Fact]
    public void A_record_acknowledged_while_somebody_polled_need_not_be_in_that_poll() =>
        Assert.Equal(Verdict.Holds, Check("1 send p a -> 0 @ 0-9\n2 send p b -> 1 @ 0-1\n3 poll p -> [[1,\"b\"]] @ 2-3\n3 poll p 0 -> [[0,\"a\"],[1,\"b\"]] @ 10-11").Verdict);

    [Fact]
    public void A_record_that_its_producer_sent_again_is_one_send_and_may_have_been_seen_after_the_first() => Assert.Equal(Verdict.Holds, Check("""
        1 send p a @ 0-1 ?
        3 poll p -> [[0,"a"]] @ 2-3
        2 send p b -> 1 @ 4-5
        1 send p a -> 0 @ 6-7
        1 send p c @ 8-9 !
        1 send p c -> 2 @ 10-11
        3 poll p -> [[0,"a"],[1,"b"],[2,"c"]] @ 12-13
        """).Verdict);

    [Fact]
    public void A_record_that_overtakes_one_that_was_acknowledged_before_it_was_sent_is_reordered() => Assert.Contains(
        "reordered 1", Check("1 send p a -> 1 @ 0-1\n2 send p b -> 0 @ 2-3\n3 poll p -> [[0,\"b\"],[1,\"a\"]] @ 4-5").Summary, StringComparison.Ordinal);

    [Fact]
    public void A_log_that_nobody_polled_is_unknown() => Assert.Equal(Verdict.Unknown, Check("1 send p a -> 0 @ 0-1").Verdict);

    [Theory]
    [InlineData("3 poll p 0 -> [[1,\"b\"]] @ 4-5\n3 poll p 2 -> [] @ 6-7", "polled past offset 0")]
    [InlineData("3 poll p 0 replica -> [[1,\"b\"]] @ 4-5\n3 poll p 2 -> [] @ 6-7", "polled past offset 0")]
    [InlineData("3 poll p 0 -> [[0,\"a\"],[1,\"b\"]] @ 4-5\n3 poll p 0 -> [] @ 6-7", "found the end")]
    [InlineData("3 poll p 1 -> [] @ 4-5\n3 poll p 0 -> [[0,\"a\"],[1,\"b\"]] @ 6-7", "found the end")]
    public void An_acknowledged_record_that_a_poll_from_before_it_does_not_see_is_lost(string polls, string how)
    {
        var result = Check("1 send p a -> 0 @ 0-1\n2 send p b -> 1 @ 2-3\n" + polls);

        Assert.Equal(Verdict.Violated, result.Verdict);
        Assert.Contains(how, result.Details[0], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("3 poll p 0 replica -> [] @ 4-5")]
    [InlineData("3 poll p 0 replica -> [[0,\"a\"]] @ 4-5")]
    [InlineData("3 poll p 1 replica -> [] @ 4-5")]
    [InlineData("3 poll p -> [] @ 4-5")]
    [InlineData("3 poll p 0 @ 4-5 !")]
    [InlineData("3 poll p 0 -> [[0,\"a\"]] @ 4-5")]
    [InlineData("3 poll p 1 -> [] @ 2-5")]
    public void A_poll_that_may_lag_that_is_refused_or_that_began_before_the_acknowledgement_loses_nothing(string poll) => Assert.Equal(
        Verdict.Holds, Check($"1 send p a -> 0 @ 0-1\n2 send p b -> 1 @ 2-3\n{poll}\n3 poll p 0 -> [[0,\"a\"],[1,\"b\"]] @ 6-7\n3 poll p 2 -> [] @ 8-9").Verdict);

    [Theory]
    [InlineData("3 poll p 1 -> [[1,\"b\"]] @ 4-5\n3 poll p 2 -> [] @ 6-7")]
    [InlineData("3 poll p 0 -> [[0,\"a\"]] @ 4-5")]
    [InlineData("3 poll p 0 -> [[0,\"a\"]] @ 4-5\n3 poll p 1 replica -> [] @ 6-7")]
    public void Where_nobody_polled_an_acknowledged_record_nothing_is_known(string polls)
    {
        var result = Check("1 send p a -> 0 @ 0-1\n2 send p b -> 1 @ 2-3\n" + polls);

        Assert.Equal(Verdict.Unknown, result.Verdict);
        Assert.Contains("not polled yet 1", result.Summary, StringComparison.Ordinal);
    }

    [Fact]
    public void Many_polls_at_the_end_of_a_long_log_are_judged_in_no_time()
    {
        var lines = Enumerable.Range(0, 20_000).Select(at => $"1 send p v{at} -> {at} @ {(at * 10) + 1}-{(at * 10) + 2}\n2 poll p {at + 1} -> [] @ {(at * 10) + 3}-{(at * 10) + 4}");
        var start = TimeProvider.System.GetTimestamp();

        var result = Check(string.Join('\n', lines));

        Assert.Equal("nothing was polled", result.Summary.Split(": ")[^1]);
        Assert.InRange(TimeProvider.System.GetElapsedTime(start), TimeSpan.Zero, TimeSpan.FromSeconds(5));
    }
}
