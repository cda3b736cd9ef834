using Cluster.Lab.Checkers;

namespace Cluster.Lab.Tests.Checkers;

public class StalenessCheckerTests
{
    private static CheckResult Check(string lines, int boundMs = 0) => new StalenessChecker(TimeSpan.FromMilliseconds(boundMs)).Check(Recorded.History(lines));

    [Fact]
    public void A_value_read_long_after_it_was_replaced_is_too_old()
    {
        const string Stale = """
            1 write x a @ 0-1000000
            1 write x b @ 2000000-3000000
            2 read x -> a @ 103000000-104000000
            """;

        Assert.Equal(Verdict.Violated, Check(Stale, 99).Verdict);
        Assert.Contains("100 ms after it had been replaced", Check(Stale, 99).Details[0], StringComparison.Ordinal);
        Assert.Equal(Verdict.Holds, Check(Stale, 100).Verdict);
        Assert.Contains("100 % stale", Check(Stale, 100).Summary, StringComparison.Ordinal);
    }

    [Fact]
    public void Absence_read_after_the_first_write_is_stale() => Assert.Equal(Verdict.Violated, Check("1 write x a @ 0-1\n2 read x -> nothing @ 2-3").Verdict);

    [Fact]
    public void Every_doubt_is_for_the_reader() => Assert.Equal(Verdict.Holds, Check("""
        1 write x a @ 0-10
        2 write x b @ 5-15
        3 write x c @ 16-17 ?
        4 read x -> a @ 20-21
        4 read x -> c @ 22-23
        4 read x -> b @ 24-25
        """).Verdict);

    [Fact]
    public void A_value_written_twice_tells_nothing() => Assert.Equal(Verdict.Unknown, Check("1 write x a @ 0-1\n1 write x a @ 2-3\n2 read x -> a @ 4-5").Verdict);
}
