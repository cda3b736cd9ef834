using Cluster.Lab.Checkers;

namespace Cluster.Lab.Tests.Checkers;

public class ConvergenceCheckerTests
{
    private static CheckResult Check(string lines) => new ConvergenceChecker().Check(Recorded.History(lines));

    [Fact]
    public void Nodes_that_agree_in_the_end_have_converged() => Assert.Equal(Verdict.Holds, Check("""
        1 write x a @ 0-1
        2 read x -> nothing @ 0-1 n2
        2 read x -> a @ 5-6 n1
        3 read x -> a @ 5-6 n2
        """).Verdict);

    [Fact]
    public void Nodes_that_differ_in_the_end_are_shown()
    {
        var result = Check("""
            1 write x a @ 0-1
            2 read x -> a @ 5-6 n1
            3 read x -> nothing @ 5-6 n2
            """);

        Assert.Equal(Verdict.Violated, result.Verdict);
        Assert.Contains("n1 says \"a\"", result.Details[0], StringComparison.Ordinal);
        Assert.Contains("n2 says nothing", result.Details[0], StringComparison.Ordinal);
    }

    [Fact]
    public void One_node_alone_proves_nothing() => Assert.Equal(Verdict.Unknown, Check("1 write x a @ 0-1\n2 read x -> a @ 5-6 n1").Verdict);
}
