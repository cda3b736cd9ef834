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
        Assert.Equal(Verdict.Holds, Check("1 send p a -> 0 @ 0-9\n2 send p b -> 1 @ 0-1\n3 poll p -> [[1,\"b\"]] @ 2-3").Verdict);

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
}
