using Cluster.Lab.Checkers;
using Cluster.Lab.Checkers.Totals;

namespace Cluster.Lab.Tests.Checkers;

public class TotalsCheckerTests
{
    private static CheckResult Set(string lines) => new SetTotalsChecker().Check(Recorded.History(lines));

    private static CheckResult Counter(string lines) => new CounterTotalsChecker().Check(Recorded.History(lines));

    [Fact]
    public void A_set_with_all_its_values_holds() =>
        Assert.Equal(Verdict.Holds, Set("1 add s a @ 0-1\n2 add s b @ 0-1 ?\n3 add s c @ 0-1 ?\n1 read s -> [\"a\",\"b\"] @ 2-3").Verdict);

    [Theory]
    [InlineData("[\"b\"]", "lost 1")]
    [InlineData("[\"a\",\"b\",\"z\"]", "phantom 1")]
    [InlineData("[\"a\",\"b\",\"failed\"]", "phantom 1")]
    [InlineData("[\"a\",\"b\",\"b\"]", "twice 1")]
    public void A_set_that_is_wrong_says_how(string read, string how)
    {
        var result = Set($"1 add s a @ 0-1\n2 add s b @ 0-1\n3 add s failed @ 0-1 !\n1 read s -> {read} @ 2-3");

        Assert.Equal(Verdict.Violated, result.Verdict);
        Assert.Contains(how, result.Summary, StringComparison.Ordinal);
    }

    [Fact]
    public void A_set_that_nobody_read_is_unknown() => Assert.Equal(Verdict.Unknown, Set("1 add s a @ 0-1").Verdict);

    [Fact]
    public void A_counter_within_its_bounds_holds() =>
        Assert.Equal(Verdict.Holds, Counter("1 incr c 2 -> 2 @ 0-1\n2 incr c 3 @ 5-9 ?\n3 read c -> 2 @ 2-3\n3 read c -> 2 @ 6-7\n3 read c -> 5 @ 10-11").Verdict);

    [Theory]
    [InlineData("1")]
    [InlineData("6")]
    [InlineData("nothing")]
    public void A_counter_out_of_its_bounds_is_shown(string read)
    {
        var result = Counter($"1 incr c 2 -> 2 @ 0-1\n2 incr c 3 @ 5-9 ?\n3 read c -> {read} @ 6-7");

        Assert.Equal(Verdict.Violated, result.Verdict);
        Assert.Contains("at least 2, and to at most 5", result.Details[0], StringComparison.Ordinal);
    }
}
