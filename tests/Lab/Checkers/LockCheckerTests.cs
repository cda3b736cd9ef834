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
    public void A_lock_that_guards_nothing_proves_nothing() => Assert.Equal(Verdict.Unknown, Check("1 acquire l -> 1 @ 0-1").Verdict);
}
