using Cluster.Lab.Checkers;
using Cluster.Lab.Checkers.Leaders;
using Cluster.Lab.Histories;

namespace Cluster.Lab.Tests.Checkers;

public class LeaderCheckerTests
{
    private const string Handover = """
        1 take t -> 1 5 n1 n2 @ 0-1
        2 take t -> 2 5 n1 n3 @ 0-2
        1 who t -> 5 n1 @ 3-4
        1 take t @ 5-900 ?
        3 take t -> 4 9 n2 n2 @ 800-901
        2 who t -> 9 n2 @ 902-903
        """;

    private static CheckResult Check(string lines) => new LeaderChecker().Check(Recorded.History(lines));

    [Fact]
    public void A_takeover_holds_and_its_gap_is_told()
    {
        var result = Check(Handover);

        Assert.Equal(Verdict.Holds, result.Verdict);
        Assert.Contains("3 tickets under 2 epochs", result.Summary, StringComparison.Ordinal);
        Assert.Contains("until epoch 9", result.Summary, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("4 take t -> 5 9 n3 n3 @ 904-905", "epoch 9 has n2 for leader")]
    [InlineData("4 who t -> 5 n3 @ 2-3", "epoch 5 has n1 for leader")]
    [InlineData("4 take t -> 4 9 n2 n3 @ 890-950", "ticket 4 was assigned 2 times")]
    [InlineData("4 take t -> 5 5 n1 n3 @ 890-950", "ticket 5 is of epoch 5 (n1), behind ticket 4 of epoch 9 (n2)")]
    [InlineData("4 who t -> 5 n1 @ 910-911", "asked after")]
    [InlineData("4 take t -> 3 9 n2 n1 @ 910-911", "asked after")]
    public void What_two_leaders_do_is_shown(string planted, string how)
    {
        var result = Check($"{Handover}\n{planted}");

        Assert.Equal(Verdict.Violated, result.Verdict);
        Assert.Contains(result.Details, detail => detail.Contains(how, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("5 n1 1 3\n9 n2 4 4", Verdict.Holds)]
    [InlineData("9 n2 1 3\n5 n1 4 4", Verdict.Violated)]
    [InlineData("5 n1 1 4", Verdict.Violated)]
    [InlineData("", Verdict.Violated)]
    [InlineData("5 n1 1 3\n8 n2 4 4", Verdict.Violated)]
    [InlineData("nonsense", Verdict.Unknown)]
    public void The_book_must_agree_with_the_answers(string book, Verdict verdict)
    {
        var answers = Recorded.History(Handover);
        var read = new Operation(9, "book", "t", [], 1_000, 1_001, Outcome.Ok, book, "n1");

        Assert.Equal(verdict, new LeaderChecker().Check(new History([.. answers.Operations, read], [])).Verdict);
    }

    [Fact]
    public void Without_a_ticket_nothing_is_shown() => Assert.Equal(Verdict.Unknown, Check("1 who t -> 5 n1 @ 0-1").Verdict);

    [Fact]
    public void A_leader_that_is_silent_and_comes_back_under_its_old_epoch_was_away_all_the_same() =>
        Assert.Contains("longest without a leader 60.00 s", Faulty("", (1, 1, "n1", "n1"), (61, 1, "n1", "n1")).Summary, StringComparison.Ordinal);

    [Theory]
    [InlineData("kill n1 2-20")]
    [InlineData("pause n1 2-20")]
    [InlineData("cut-in n1 2-20")]
    [InlineData("cut-out n1 2-20")]
    [InlineData("cut n1/n2,n3 2-20")]
    [InlineData("halves n2,n3/n1 2-20")]
    [InlineData("leave n1 2-10")]
    [InlineData("pause n2 0-1; pause n1 4-24")]
    public void A_leader_that_is_away_for_long_must_be_replaced_meanwhile(string faults)
    {
        var silent = Faulty(faults, (1, 5, "n1", "n1"), (8, 0, "", "n2"), (17, 0, "", "n3"), (25, 5, "n1", "n3"));
        var replaced = Faulty(faults, (1, 5, "n1", "n1"), (8, 6, "n2", "n2"), (17, 0, "", "n3"), (25, 6, "n2", "n3"));

        Assert.Equal((Verdict.Violated, Verdict.Holds), (silent.Verdict, replaced.Verdict));
        Assert.Contains("nobody was answered by another leader meanwhile", silent.Details[0], StringComparison.Ordinal);
        Assert.Contains("of 1 leaders that a fault took away 1 were replaced meanwhile, after", replaced.Summary, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("kill n1 2-12")]
    [InlineData("kill n2 2-20")]
    [InlineData("restart n1 2-20")]
    [InlineData("delay n1,n2,n3 2-20")]
    [InlineData("cut n1,n2/n3,n4 2-20")]
    [InlineData("kill n1 2-20; pause n2 10-11")]
    [InlineData("pause n2 0-1; pause n1 2-16")]
    [InlineData("leave n1 2-8")]
    [InlineData("pause n1 10-29")]
    public void A_fault_that_is_short_strikes_another_node_or_stands_beside_another_one_demands_no_other_leader(string faults)
    {
        var result = Faulty(faults, (1, 5, "n1", "n1"), (8, 0, "", "n2"), (17, 0, "", "n3"), (30, 5, "n1", "n3"));

        Assert.Equal(Verdict.Holds, result.Verdict);
        Assert.Contains("no fault took a leader away so that its replacement could be judged", result.Summary, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("n1", "n1")] // Everybody stands at the node that is cut off, and none asks another one.
    [InlineData("n2", "n2")] // Of two nodes there is no majority without one.
    public void Where_nobody_could_have_heard_of_another_leader_none_is_demanded(string second, string third) => Assert.Equal(
        Verdict.Holds, Faulty("cut n1/n2,n3 2-20", (1, 5, "n1", "n1"), (8, 0, "", second), (17, 0, "", third), (25, 5, "n1", second == "n1" ? "n3" : "n1")).Verdict);

    /// <summary>A ticket, an epoch and a leader at each of these seconds, and who was asked; epoch 0 is no answer.</summary>
    private static CheckResult Faulty(string faults, params (int At, int Epoch, string Leader, string Asked)[] asked)
    {
        const long Second = 1_000_000_000;
        var operations = asked.Select((ask, at) => ask.Epoch > 0
            ? new Operation(at, "take", "t", [], ask.At * Second, (ask.At * Second) + 1, Outcome.Ok, $"{at + 1} {ask.Epoch} {ask.Leader} n1", ask.Asked)
            : new Operation(at, "take", "t", [], ask.At * Second, (ask.At + 1) * Second, Outcome.Info, null, ask.Asked));
        var events = faults.Split("; ", StringSplitOptions.RemoveEmptyEntries).Select(fault => fault.Split(' ')).SelectMany(fault =>
        {
            var times = fault[2].Split('-').Select(time => int.Parse(time, System.Globalization.CultureInfo.InvariantCulture) * Second).ToArray();
            return new[] { new FaultEvent(fault[0], fault[1], times[0]), new FaultEvent("end", fault[1], times[1], fault[0]) };
        });
        return new LeaderChecker().Check(new History([.. operations], [.. events]));
    }
}
