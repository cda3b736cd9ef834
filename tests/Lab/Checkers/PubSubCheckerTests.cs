using Cluster.Lab.Checkers;
using Cluster.Lab.Checkers.PubSub;
using Cluster.Lab.Histories;

namespace Cluster.Lab.Tests.Checkers;

/// <summary>What a subscription may hear and what not; times are milliseconds, lines of an answer end at a bar, and <c>-</c> is no group.</summary>
public class PubSubCheckerTests
{
    /// <summary>Three subscriptions that settle, five messages at two nodes, and answers to all of it.</summary>
    private const string Right = """
        1 subscribe t a topic - @ 0-1 n1
        2 subscribe t* b pattern - @ 0-1 n2
        3 subscribe t c topic g @ 0-1 n3
        4 subscribe t d topic g @ 0-1 n1
        5 publish t m1 all -> 0 2 2 @ 5000-5001 n3
        5 publish t m2 all -> 0 2 2 @ 5010-5011 n3
        5 publish tu m3 all -> 0 1 1 @ 5020-5021 n3
        6 publish t m4 group -> 0 1 1 @ 5000-5030 n1
        6 publish t m5 all -> 1 1 1 @ 5040-5041 n1
        1 hear t a 0 -> 2|1 t m1|2 t m2 @ 6000-6001 n1
        1 hear t a 2 -> 3|3 t m5 @ 8000-8001 n1
        2 hear t* b 0 -> 4|1 t m1|2 t m2|3 t m5|4 tu m3 @ 8000-8001 n2
        3 hear t c 0 -> 1|1 t m4 @ 8000-8001 n3
        4 hear t d 0 -> 0 @ 8000-8001 n1
        """;

    [Fact]
    public void What_is_heard_once_in_order_by_who_subscribes_holds_and_the_share_is_told()
    {
        var result = Check(Right);

        Assert.True(result.Verdict == Verdict.Holds, $"{result.Summary}\n{string.Join('\n', result.Details)}");
        Assert.StartsWith("5 messages, 4 subscriptions, 8 deliveries, 0 wrong; 8 of 8 deliveries arrived (100 %), 8 of 8 (100 %) where", result.Summary, StringComparison.Ordinal);
        Assert.Contains("a message went to 1.6 subscriptions by 1.40 frames between nodes; publishing took 30.00 ms to up to 1, 1.00 ms to more", result.Summary, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1 hear t a 3 -> 4|4 t m1 @ 9000-9001 n1", "heard \"m1\" twice, as its messages 1 and 4")]
    [InlineData("1 hear t a 1 -> 2|2 t m5 @ 9000-9001 n1", "both as its message 2")]
    [InlineData("1 hear t a 3 -> 4|4 t lie @ 9000-9001 n1", "\"lie\" on t by 9.0010 s, which nobody published")]
    [InlineData("7 publish t m6 all @ 5050-5051 ! n1\n1 hear t a 3 -> 4|4 t m6 @ 9000-9001 n1", "which its publisher was told had failed")]
    [InlineData("1 hear t a 3 -> 4|4 t m6 @ 9000-9001 n1\n7 publish t m6 all -> 1 0 0 @ 9500-9501 n1", "already at 9.0010 s")]
    [InlineData("1 hear t a 3 -> 4|4 tu m3 @ 9000-9001 n1", "which it did not subscribe to")]
    [InlineData("1 hear t a 3 -> 4|4 t m4 @ 9000-9001 n1", "to groups, and it is in none")]
    [InlineData("3 hear t c 1 -> 2|2 t m1 @ 9000-9001 n3", "to all without a group, and it is in one")]
    [InlineData("4 hear t d 0 -> 1|1 t m4 @ 9000-9001 n1", "two members of group g heard \"m4\"")]
    [InlineData("1 unsubscribe t a @ 9000-9001 n1\n7 publish t m6 all -> 0 0 0 @ 9002-9003 n1\n1 hear t a 3 -> 4|4 t m6 @ 9010-9011 n1", "after its end had been confirmed at 9.0010 s")]
    [InlineData(
        "8 subscribe t e topic - @ 4000-4001 n2\n8 hear t e 0 -> 2|1 t m2|2 t m1 @ 5500-5501 n2",
        "heard \"m2\", published on t by process 5 at 5.0100 s, and after it \"m1\", published on t by process 5 at 5.0000 s, which n3 had published first (by 5.0010 s)")]
    public void What_must_never_be_heard_is_shown(string planted, string how)
    {
        var result = Check($"{Right}\n{planted}");

        Assert.Equal(Verdict.Violated, result.Verdict);
        Assert.Contains(result.Details, detail => detail.Contains(how, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("7 unsubscribe t a @ 5035-9001 ? n1")]
    [InlineData("7 publish t m6 all @ 5050-5051 ? n1\n1 hear t a 3 -> 4|4 t m6 @ 9000-9001 n1")]
    [InlineData("1 unsubscribe t a @ 9000-9005 n1\n7 publish t m6 all -> 1 0 0 @ 9004-9006 n1\n1 hear t a 3 -> 4|4 t m6 @ 9010-9011 n1")]
    [InlineData("1 hear t a 2 -> 3|3 t m5 @ 9000-9001 n1")]
    [InlineData("8 subscribe t e topic - @ 5006-5007 n2\n8 hear t e 0 -> 2|1 t m5|2 t m2 @ 9000-9001 n2")]
    public void What_may_be_is_no_violation(string also) => Assert.Equal(Verdict.Holds, Check($"{Right}\n{also}").Verdict);

    private const string LostAtA = "1 hear t a 2 -> 3|3 t m5 @ 8000-8001 n1";

    [Fact]
    public void What_a_settled_subscription_never_heard_while_nothing_was_broken_is_shown()
    {
        var result = Check(Without(LostAtA));

        Assert.Equal(Verdict.Violated, result.Verdict);
        Assert.Contains("7 of 8 deliveries arrived (87.5 %), 7 of 8", result.Summary, StringComparison.Ordinal);
        Assert.StartsWith("a (to t, process 1) never heard \"m5\"", Assert.Single(result.Details), StringComparison.Ordinal);
    }

    [Fact]
    public void What_no_member_of_a_settled_group_heard_is_shown()
    {
        var result = Check(Right.Replace("-> 1|1 t m4", "-> 0", StringComparison.Ordinal));

        Assert.Equal(Verdict.Violated, result.Verdict);
        Assert.StartsWith("no member of group g", Assert.Single(result.Details), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("9 publish t m9 all @ 4000-4001 ? n2")] // Somebody was left without an answer a second before.
    [InlineData("9 publish t m9 all @ 6000-6001 ! n2")] // Somebody was refused while it may have been on its way.
    [InlineData("9 hear t* b 0 -> 0 @ 4000-4001 n1\n9 hear t* b 0 -> 0 @ 4002-4003 n2")] // A client had to go to another node.
    public void A_loss_is_excused_where_clients_saw_that_something_was_broken(string seen)
    {
        var result = Check($"{Without(LostAtA)}\n{seen}");

        Assert.Equal(Verdict.Holds, result.Verdict);
        Assert.Contains("7 of 8 deliveries arrived (87.5 %), 0 of 0 (none)", result.Summary, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(4_000, 4_500, Verdict.Holds)]
    [InlineData(6_500, 6_600, Verdict.Holds)]
    [InlineData(7_500, 7_600, Verdict.Violated)]
    public void A_loss_is_excused_by_a_fault_of_that_time_and_by_no_other(long begun, long healed, Verdict verdict)
    {
        var history = Read(Without(LostAtA)) with { Faults = [new FaultEvent("cut", "n1", begun * 1_000_000), new FaultEvent("heal", "n1", healed * 1_000_000)] };

        Assert.Equal(verdict, new PubSubChecker().Check(history).Verdict);
    }

    [Theory]
    [InlineData("1 subscribe t a topic - @ 0-1 n1", "1 subscribe t a topic - @ 4000-4001 n1")] // It had not settled.
    [InlineData("-> 3|3 t m5 @ 8000", "-> 9|9 t m5 @ 8000")] // Its inbox was full in between.
    public void A_loss_that_its_client_could_expect_is_no_violation(string settled, string unsettled)
    {
        var result = Check(Right.Replace(settled, unsettled, StringComparison.Ordinal).Replace("-> 2|1 t m1|2 t m2 @ 6000", "-> 1|1 t m1 @ 6000", StringComparison.Ordinal));

        Assert.Equal(Verdict.Holds, result.Verdict);
        Assert.Contains("7 of 8 deliveries", result.Summary, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1 hear t a 0 -> nonsense @ 8000-8001 n1")]
    [InlineData("1 hear t unheard-of 0 -> 0 @ 8000-8001 n1")]
    [InlineData("1 subscribe t a topic - @ 7000-7001 n1")]
    [InlineData("1 subscribe [^t] e pattern - @ 7000-7001 n1")]
    [InlineData("1 publish t m1 all -> 0 0 0 @ 7000-7001 n1")]
    public void What_cannot_be_read_is_not_judged(string line) => Assert.Equal(Verdict.Unknown, Check($"{Right}\n{line}").Verdict);

    [Fact]
    public void Where_nobody_heard_anything_nothing_is_shown() => Assert.Equal(Verdict.Unknown, Check("1 subscribe t a topic - @ 0-1 n1").Verdict);

    [Theory]
    [InlineData("a*", "abc", true)]
    [InlineData("a*", "b", false)]
    [InlineData("*c", "abc", true)]
    [InlineData("a?c", "abc", true)]
    [InlineData("a?c", "ac", false)]
    [InlineData("a[bx]", "ab", true)]
    [InlineData("a[bx]", "ac", false)]
    [InlineData("a.c", "abc", false)]
    [InlineData("a", "a\n", false)]
    [InlineData("a*", "a\nb", true)]
    [InlineData("[]", "", false)]
    public void Patterns_mean_what_they_mean_to_Redis(string glob, string topic, bool covers) => Assert.Equal(covers, TopicMatch.Pattern(glob)!.Covers(topic));

    private static string Without(string line) => Right.Replace(line, "1 hear t a 2 -> 2 @ 8000-8001 n1", StringComparison.Ordinal);

    private static CheckResult Check(string lines) => new PubSubChecker().Check(Read(lines));

    private static History Read(string lines)
    {
        var history = Recorded.History(lines);
        return history with
        {
            Operations = [.. history.Operations.Select(operation => operation with
            {
                Input = [.. operation.Input.Select(input => input == "-" ? null : input)],
                Output = operation.Output?.Replace('|', '\n'),
                Call = operation.Call * 1_000_000,
                Return = operation.Return * 1_000_000,
            })],
        };
    }
}
