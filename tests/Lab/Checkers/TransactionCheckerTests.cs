using Cluster.Lab.Checkers;
using Cluster.Lab.Checkers.Transactions;

namespace Cluster.Lab.Tests.Checkers;

/// <summary>The anomalies of Adya's thesis, each as small as it can be.</summary>
public class TransactionCheckerTests
{
    private static CheckResult Check(string lines, IsolationLevel level = IsolationLevel.StrictSerializable) => new ListAppendChecker(level).Check(Recorded.History(lines));

    [Fact]
    public void Transactions_one_after_another_hold() => Assert.Equal(Verdict.Holds, Check("""
        1 txn - ["append","x",1] + ["r","x",null] -> [["append","x",1],["r","x",[1]]] @ 0-1
        2 txn - ["append","x",2] -> [["append","x",2]] @ 2-3
        3 txn - ["r","x",null] -> [["r","x",[1,2]]] @ 4-5
        """).Verdict);

    [Fact]
    public void Writes_that_follow_each_other_in_a_circle_are_G0() => Assert.Contains("G0", Check("""
        1 txn - -> [["append","x",1],["append","y",1]] @ 0-9
        2 txn - -> [["append","x",2],["append","y",2]] @ 0-9
        3 txn - -> [["r","x",[1,2]],["r","y",[2,1]]] @ 10-11
        """, IsolationLevel.ReadCommitted).Summary, StringComparison.Ordinal);

    [Fact]
    public void A_read_of_what_failed_is_G1a() => Assert.Contains("G1a", Check("""
        1 txn - ["append","x",1] @ 0-1 !
        2 txn - -> [["r","x",[1]]] @ 2-3
        """, IsolationLevel.ReadCommitted).Summary, StringComparison.Ordinal);

    [Fact]
    public void A_read_of_half_a_transaction_is_G1b() => Assert.Contains("G1b", Check("""
        1 txn - -> [["append","x",1],["append","x",2]] @ 0-9
        2 txn - -> [["r","x",[1]]] @ 0-9
        """, IsolationLevel.ReadCommitted).Summary, StringComparison.Ordinal);

    [Fact]
    public void Two_that_saw_each_other_are_G1c() => Assert.Contains("G1c", Check("""
        1 txn - -> [["append","x",1],["r","y",[1]]] @ 0-9
        2 txn - -> [["append","y",1],["r","x",[1]]] @ 0-9
        """, IsolationLevel.ReadCommitted).Summary, StringComparison.Ordinal);

    [Fact]
    public void Read_skew_is_G_single_and_only_snapshot_isolation_minds()
    {
        const string Skew = """
            1 txn - -> [["append","x",1],["append","y",1]] @ 0-9
            2 txn - -> [["r","x",[]],["r","y",[1]]] @ 0-9
            3 txn - -> [["r","x",[1]],["r","y",[1]]] @ 10-11
            """;

        Assert.Equal(Verdict.Holds, Check(Skew, IsolationLevel.ReadCommitted).Verdict);
        Assert.Contains("G-single", Check(Skew, IsolationLevel.SnapshotIsolation).Summary, StringComparison.Ordinal);
    }

    [Fact]
    public void Write_skew_is_G2_and_only_serializability_minds()
    {
        const string Skew = """
            1 txn - -> [["r","x",[]],["append","y",1]] @ 0-9
            2 txn - -> [["r","y",[]],["append","x",1]] @ 0-9
            3 txn - -> [["r","x",[1]],["r","y",[1]]] @ 10-11
            """;

        Assert.Equal(Verdict.Holds, Check(Skew, IsolationLevel.SnapshotIsolation).Verdict);
        var result = Check(Skew, IsolationLevel.Serializable);
        Assert.Contains("G2", result.Summary, StringComparison.Ordinal);
        Assert.Contains("read x without 1, which the next appended", result.Details[0], StringComparison.Ordinal);
    }

    [Fact]
    public void A_stale_read_is_serializable_but_not_in_real_time()
    {
        const string Stale = """
            1 txn - -> [["append","x",1]] @ 0-1
            2 txn - -> [["r","x",[]]] @ 2-3
            3 txn - -> [["r","x",[1]]] @ 4-5
            """;

        Assert.Equal(Verdict.Holds, Check(Stale, IsolationLevel.Serializable).Verdict);
        Assert.Contains("real-time", Check(Stale).Summary, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1 txn - -> [[\"append\",\"x\",1]] @ 0-1\n2 txn - -> [[\"append\",\"x\",2]] @ 0-1\n3 txn - -> [[\"r\",\"x\",[1,2]]] @ 2-3\n4 txn - -> [[\"r\",\"x\",[2]]] @ 2-3", "incompatible-order")]
    [InlineData("1 txn - -> [[\"append\",\"x\",1]] @ 0-1\n3 txn - -> [[\"r\",\"x\",[1,1]]] @ 2-3", "duplicate")]
    [InlineData("1 txn - -> [[\"append\",\"x\",1]] @ 0-1\n3 txn - -> [[\"r\",\"x\",[1,7]]] @ 2-3", "phantom")]
    [InlineData("1 txn - -> [[\"append\",\"x\",1],[\"r\",\"x\",[]]] @ 0-1", "internal")]
    public void What_a_single_read_shows_is_named(string lines, string anomaly) =>
        Assert.Contains(anomaly, Check(lines, IsolationLevel.ReadCommitted).Summary, StringComparison.Ordinal);

    [Fact]
    public void A_bank_whose_total_changes_is_shown()
    {
        const string Bank = "1 transfer b a c 5 @ 0-1\n2 read b -> {\"a\":5,\"c\":5} @ 2-3\n2 read b -> {0} @ 4-5";

        Assert.Equal(Verdict.Holds, new BankChecker().Check(Recorded.History(Bank.Replace("{0}", "{\"a\":0,\"c\":10}", StringComparison.Ordinal))).Verdict);
        Assert.Equal(Verdict.Violated, new BankChecker().Check(Recorded.History(Bank.Replace("{0}", "{\"a\":0,\"c\":9}", StringComparison.Ordinal))).Verdict);
        Assert.Equal(Verdict.Violated, new BankChecker().Check(Recorded.History(Bank.Replace("{0}", "{\"a\":-1,\"c\":11}", StringComparison.Ordinal))).Verdict);
    }
}
