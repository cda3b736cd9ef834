using Cluster.Lab.Checkers;
using Cluster.Lab.Checkers.Locks;

namespace Cluster.Lab.Tests.Checkers;

public class LockCheckerTests
{
    private static CheckResult Check(string lines) => new LockChecker().Check(Recorded.History(lines));

    [Fact]
    public void A_holder_that_slept_and_was_refused_holds() => Assert.Equal(Verdict.Holds, Check("""
        1 acquire l -> 1 @ 0-1
        1 access l 1 -> 1 @ 2-3
        2 acquire l -> 2 @ 20-21
        2 access l 2 -> 2 @ 22-23
        1 access l 1 @ 24-25 !
        """).Verdict);

    [Fact]
    public void A_holder_that_slept_and_was_let_through_is_shown()
    {
        var result = Check("""
            1 acquire l -> 1 @ 0-1
            2 acquire l -> 2 @ 20-21
            2 access l 2 -> 1 @ 22-23
            1 access l 1 -> 2 @ 24-25
            """);

        Assert.Equal(Verdict.Violated, result.Verdict);
        Assert.Contains("process 1 used l with token 1", result.Details[0], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1 acquire l -> 1 @ 0-1\n2 acquire l -> 1 @ 2-3", "was given to process 1")]
    [InlineData("1 acquire l -> 2 @ 0-1\n2 acquire l -> 1 @ 2-3", "after process 1 had got 2")]
    [InlineData("1 acquire l -> 1 @ 0-1\n2 access l 7 -> 9 @ 2-3", "nobody was given")]
    public void Tokens_that_do_not_rise_are_shown(string lines, string how)
    {
        var result = Check(lines + "\n3 access l 1 -> 1 @ 4-5");

        Assert.Equal(Verdict.Violated, result.Verdict);
        Assert.Contains(result.Details, detail => detail.Contains(how, StringComparison.Ordinal));
    }

    [Fact]
    public void A_session_that_enters_again_has_its_token_again() => Assert.Equal(Verdict.Holds, Check("""
        1 acquire l a -> 1 1 @ 0-1
        1 acquire l a -> 1 1 @ 2-3
        1 access l 1 -> 1 @ 4-5
        1 release l 1 -> 1 @ 6-7
        1 renew l 1 @ 8-9
        1 release l 1 -> 0 @ 10-11
        2 acquire l b -> 2 2 @ 12-13
        """).Verdict);

    [Theory]
    [InlineData("1 acquire l a -> 1 1 @ 0-1\n2 acquire l b -> 1 2 @ 2-3", "token 1 of l was given to process 1")]
    [InlineData("1 acquire l a -> 1 1 @ 0-1\n1 release l 1 -> 0 @ 2-3\n1 acquire l a -> 1 1 @ 4-5", "after process 1 had released it")]
    [InlineData("1 acquire l a -> 1 1 @ 0-1\n2 acquire l b -> 2 2 @ 2-3\n1 renew l 1 @ 4-5", "process 1 renewed token 1 of l")]
    [InlineData("1 acquire l a -> 1 1 @ 0-1\n2 acquire l b -> 2 2 @ 2-3\n1 release l 1 -> 0 @ 4-5", "process 1 released token 1 of l")]
    [InlineData("1 acquire l a -> 1 5 @ 0-9\n2 acquire l b -> 2 4 @ 0-9", "a was granted l with token 1 before b, who had the earlier ticket 4, not 5")]
    [InlineData("1 acquire l a -> 0 5 @ 0-1\n2 acquire l b -> 1 4 @ 2-3", "b has ticket 4 of l and first asked at")]
    [InlineData("1 acquire l a -> 0 5 @ 0-9\n2 acquire l b -> 1 5 @ 0-9", "ticket 5 of l was given to a and b")]
    [InlineData("1 acquire l a -> 1 1 @ 0-1\n1 access l 1 -> 3 @ 2-3\n1 access l 1 -> 2 @ 4-5", "had access 2 of l")]
    [InlineData("1 acquire l a -> 1 1 @ 0-1\n1 access l 1 -> 3 @ 2-3\n1 access l 1 -> 3 @ 4-5", "access 3 of l was counted for process 1 and process 1")]
    public void Sessions_tickets_and_accesses_that_are_out_of_order_are_shown(string lines, string how)
    {
        var result = Check(lines + "\n9 access l 1 -> 1 @ 0-1");

        Assert.Equal(Verdict.Violated, result.Verdict);
        Assert.Contains(result.Details, detail => detail.Contains(how, StringComparison.Ordinal));
    }

    [Fact]
    public void Who_asked_before_another_was_seen_in_the_queue_may_be_before_it() => Assert.Equal(Verdict.Holds, Check("""
        1 acquire l a @ 0-1 ?
        2 acquire l b -> 0 2 @ 2-3
        3 acquire l a -> 1 1 @ 4-5
        3 access l 1 -> 1 @ 6-7
        """).Verdict);

    [Fact]
    public void A_lock_that_guards_nothing_proves_nothing() => Assert.Equal(Verdict.Unknown, Check("1 acquire l -> 1 @ 0-1").Verdict);
}
