using Cluster.Lab.Checkers;
using Cluster.Lab.Checkers.Replicated;

namespace Cluster.Lab.Tests.Checkers;

/// <summary>The checkers of replicated data types, each with what it must reject.</summary>
public class ReplicatedCheckerTests
{
    private static CheckResult Counter(string lines) => new PnCounterChecker().Check(Recorded.History(lines));

    private static CheckResult Set(string lines) => new OrSetChecker().Check(Recorded.History(lines));

    private static CheckResult Register(string lines) => new LastWriterChecker().Check(Recorded.History(lines));

    [Fact]
    public void A_counter_may_be_behind_while_it_is_counted_and_not_afterwards()
    {
        const string Counting = "1 incr c 2 @ 0-1 n1\n2 read c -> nothing @ 2-3 n2\n1 incr c 3 @ 4-5 n1 ?\n";

        Assert.Equal(Verdict.Holds, Counter(Counting + "3 read c -> 2 @ 6-7 n1\n3 read c -> 5 @ 6-7 n2").Verdict);
        Assert.Equal(Verdict.Violated, Counter(Counting + "3 read c -> nothing @ 6-7 n2").Verdict);
        Assert.Equal(Verdict.Violated, Counter(Counting + "3 read c -> 7 @ 6-7 n2").Verdict);
        Assert.Equal(Verdict.Unknown, Counter(Counting).Verdict);
    }

    [Fact]
    public void What_was_counted_down_counts_too() => Assert.Equal(Verdict.Holds, Counter("1 incr c 5 @ 0-1 n1\n1 incr c -2 @ 2-3 n2\n3 read c -> 3 @ 6-7 n1").Verdict);

    [Fact]
    public void A_member_whose_addition_no_removal_had_seen_must_be_there()
    {
        const string Both = "1 add s m -> n1:1 @ 0-1 n1\n2 add s m -> n2:1 @ 0-1 n2\n2 remove s m -> n2:1 @ 2-3 n2\n";

        Assert.Equal(Verdict.Holds, Set(Both + "3 read s -> [\"m\"] @ 5-6 n1").Verdict);
        var result = Set(Both + "3 read s -> [] @ 5-6 n1");
        Assert.Equal(Verdict.Violated, result.Verdict);
        Assert.Contains("n1:1", result.Details[0], StringComparison.Ordinal);
    }

    [Fact]
    public void A_member_of_which_every_addition_was_removed_must_not_be_there()
    {
        const string Gone = "1 add s m -> n1:1 @ 0-1 n1\n2 remove s m -> n1:1 @ 2-3 n2\n";

        Assert.Equal(Verdict.Holds, Set(Gone + "3 read s -> nothing @ 5-6 n1").Verdict);
        Assert.Equal(Verdict.Violated, Set(Gone + "3 read s -> [\"m\"] @ 5-6 n1").Verdict);
    }

    [Fact]
    public void Of_a_member_with_an_unknown_outcome_nothing_is_said() => Assert.Equal(Verdict.Unknown, Set("1 add s m @ 0-1 n1 ?\n3 read s -> [\"m\"] @ 5-6 n1").Verdict);

    [Fact]
    public void A_write_may_lose_against_one_made_side_by_side_and_is_counted()
    {
        var result = Register("1 write r a @ 0-1 n1\n2 write r b @ 0-1 n2\n3 read r -> b @ 5-6 n1\n3 read r -> b @ 5-6 n2");

        Assert.Equal(Verdict.Holds, result.Verdict);
        Assert.Contains("1 lost against one made side by side", result.Summary, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1 write r a @ 0-1 n1\n1 write r b @ 2-3 n2\n")] // Its own earlier one.
    [InlineData("1 write r a @ 0-1 n1\n2 read r -> a @ 2-3 n1\n2 write r b @ 4-5 n2\n")] // One that it had read.
    [InlineData("1 write r a @ 0-1 n1\n2 write r b @ 4-5 n1\n")] // One that its node had acknowledged.
    [InlineData("1 write r a @ 0-1 n1 ?\n2 read r -> a @ 2-3 n2\n3 write r b @ 4-5 n2\n")] // One that its node had shown.
    public void A_write_that_followed_another_may_not_lose_against_it(string writes)
    {
        Assert.Equal(Verdict.Holds, Register(writes + "9 read r -> b @ 7-8 n1").Verdict);
        Assert.Equal(Verdict.Violated, Register(writes + "9 read r -> a @ 7-8 n1").Verdict);
    }

    [Fact]
    public void What_a_reader_elsewhere_knew_its_node_did_not()
    {
        // Process 2 has read a at n1 and something else at n2: n2's next writer did not learn of a by that.
        const string History = "1 write r a @ 0-1 n1\n2 read r -> a @ 2-3 n1\n4 write q x @ 0-1 n2\n2 read q -> x @ 4-5 n2\n3 write r b @ 6-7 n2\n";

        Assert.Equal(Verdict.Holds, Register(History + "9 read r -> a @ 8-9 n1\n9 read q -> x @ 8-9 n1").Verdict);
    }

    [Fact]
    public void A_node_that_shows_what_it_had_replaced_is_caught_before_the_end()
    {
        var result = Register("1 write r a @ 0-1 n1\n1 write r b @ 2-3 n1\n2 read r -> a @ 4-5 n1\n1 write r c @ 6-7 n1\n3 read r -> c @ 8-9 n1");

        Assert.Equal(Verdict.Violated, result.Verdict);
        Assert.Contains("n1 had acknowledged it", result.Details[0], StringComparison.Ordinal);
    }

    [Fact]
    public void Where_writes_tell_what_they_replaced_the_lost_ones_are_exact()
    {
        // b replaced a knowingly; y came from the other side and was replaced by nobody who had seen it, though z was written afterwards at its node.
        var result = Register("1 write r a -> n1:1 @ 0-1 n1\n1 write r b -> n1:2_n1:1 @ 2-3 n1\n2 write r y -> n2:1 @ 2-3 n2\n2 write r z -> n2:2_n1:2 @ 6-7 n2\n3 read r -> z @ 8-9 n1".Replace('_', ' '));

        Assert.Contains("acknowledged 4, 1 lost", result.Summary, StringComparison.Ordinal);
    }
}
