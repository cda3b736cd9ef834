using Cluster.Lab.Checkers;
using Cluster.Lab.Checkers.Leaders;

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
        var read = new Lab.Histories.Operation(9, "book", "t", [], 1_000, 1_001, Lab.Histories.Outcome.Ok, book, "n1");

        Assert.Equal(verdict, new LeaderChecker().Check(new Lab.Histories.History([.. answers.Operations, read], [])).Verdict);
    }

    [Fact]
    public void Without_a_ticket_nothing_is_shown() => Assert.Equal(Verdict.Unknown, Check("1 who t -> 5 n1 @ 0-1").Verdict);
}
