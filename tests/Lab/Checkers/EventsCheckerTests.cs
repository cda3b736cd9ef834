using Cluster.Lab.Checkers;
using Cluster.Lab.Checkers.Events;

namespace Cluster.Lab.Tests.Checkers;

/// <summary>Events handled once in effect: what is right, and each thing that can be wrong.</summary>
public class EventsCheckerTests
{
    private const string Published = """
        1 publish w:k0 a 0 -> 0 @ 0-1
        1 publish w:k0 b 2 -> 1 @ 2-3
        1 publish w:k0 p 1000 -> 2 @ 4-5
        2 publish w:k0 u 0 @ 4-5 ?

        """;

    [Theory]
    [InlineData("""["a","b"]""", """["p"]""")]
    [InlineData("""["a","u","b"]""", """["p"]""")]
    public void Each_event_once_or_a_dead_letter_holds(string handled, string dead) => Assert.Equal(Verdict.Holds, Check(handled, dead).Verdict);

    [Theory]
    [InlineData("""["a","b","a"]""", """["p"]""", "again:")]
    [InlineData("""["a"]""", """["p"]""", "lost:")]
    [InlineData("""["a","b"]""", """["p","b"]""", "both:")]
    [InlineData("""["a"]""", """["p","b"]""", "wrong end:")]
    [InlineData("""["a","b","p"]""", "[]", "wrong end:")]
    [InlineData("""["a","b","x"]""", """["p"]""", "phantom:")]
    [InlineData("""["b","a"]""", """["p"]""", "out of order:")]
    public void What_is_wrong_says_how(string handled, string dead, string how)
    {
        var result = Check(handled, dead);

        Assert.Equal(Verdict.Violated, result.Verdict);
        Assert.StartsWith(how, result.Details[0], StringComparison.Ordinal);
    }

    [Fact]
    public void A_dead_letter_that_was_sent_again_has_its_effect_after_all_and_in_no_order() =>
        Assert.Equal(Verdict.Holds, Check("""["p","a","b"]""", "[]", "3 redrive w:dead -> p @ 6-7").Verdict);

    [Fact]
    public void Effects_that_were_seen_and_are_not_there_any_more_are_found() =>
        Assert.Contains("no beginning", Check("""["a","b"]""", """["p"]""", """3 effects w:k0 -> ["b"] @ 6-7""").Details[0], StringComparison.Ordinal);

    [Fact]
    public void An_event_that_was_published_again_is_one() => Assert.Equal(Verdict.Holds, Check("""["a","b","u"]""", """["p"]""", "2 publish w:k0 u 0 -> 9 @ 8-9").Verdict);

    [Fact]
    public void Where_the_end_was_not_read_nothing_is_known() => Assert.Equal(Verdict.Unknown, new EventsChecker().Check(Recorded.History(Published)).Verdict);

    private static CheckResult Check(string handled, string dead, string more = "") =>
        new EventsChecker().Check(Recorded.History($"{Published}9 dead w:dead -> {dead} @ 20-21\n9 handled w:k0 -> {handled} @ 22-23\n{more}"));
}
