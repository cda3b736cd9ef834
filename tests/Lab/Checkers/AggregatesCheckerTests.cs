using Cluster.Lab.Checkers;
using Cluster.Lab.Checkers.Aggregates;

namespace Cluster.Lab.Tests.Checkers;

/// <summary>Event-sourced orders: what is right, and each thing that can be wrong.</summary>
public class AggregatesCheckerTests
{
    private const string Commanded = """
        1 command w:o1 place c1 null w:ann w:tea 5 -> 1 0:1 @ 0-1
        2 command w:o1 pay c2 1 w:ann w:tea 5 -> 2 0:2 @ 2-3
        3 command w:o1 cancel c3 1 w:ann w:tea 5 @ 2-3 !

        """;

    private const string Events = """[["placed","c1"],["paid","c2"]]""";

    private const string Rows = """{"w:o1":{"status":"paid","count":2,"amount":5}}""";

    [Fact]
    public void What_agrees_holds() => Assert.Equal(Verdict.Holds, Check(Events, $"1 {Rows}", "2 look w:o1 0:2 -> 2 paid @ 4-5").Verdict);

    [Theory]
    [InlineData("""[["placed","c1"],["paid","c2"],["paid","c2"]]""", "not allowed:")]
    [InlineData("""[["placed","c1"]]""", "lost:")]
    [InlineData("""[["placed","c1"],["cancelled","c3"]]""", "phantom:")]
    [InlineData("""[["placed","x"],["paid","c2"]]""", "phantom:")]
    public void Events_that_are_wrong_say_how(string events, string how)
    {
        var result = Check(events, "1 {}");

        Assert.Equal(Verdict.Violated, result.Verdict);
        Assert.StartsWith(how, result.Details[0], StringComparison.Ordinal);
    }

    [Fact]
    public void A_command_that_expected_another_version_is_found() =>
        Assert.Contains(Check("""[["placed","c1"],["paid","c2"],["shipped","c4"]]""", $"1 {Rows}", "4 command w:o1 ship c4 1 w:ann w:tea 5 -> 3 0:3 @ 4-5").Details, line => line.StartsWith("stale:", StringComparison.Ordinal));

    [Fact]
    public void A_look_that_does_not_see_the_command_of_its_token_is_found() =>
        Assert.StartsWith("own write not seen:", Check(Events, $"1 {Rows}", "2 look w:o1 0:2 -> 1 placed @ 4-5").Details[0], StringComparison.Ordinal);

    [Theory]
    [InlineData("""{"w:o1":{"status":"placed","count":1,"amount":5}}""")]
    [InlineData("""{"w:o1":{"status":"paid","count":2,"amount":10}}""")]
    [InlineData("{}")]
    public void A_view_that_is_not_what_the_events_make_is_found_also_when_it_was_rebuilt(string rows)
    {
        Assert.StartsWith("view: orders has", Check(Events, $"1 {rows}").Details[0], StringComparison.Ordinal);
        Assert.StartsWith("view: orders, rebuilt, has", Check(Events, $"1 {Rows}", $"9 rebuilt w:view-orders 1 -> rebuilt {rows} @ 24-25").Details[0], StringComparison.Ordinal);
    }

    [Fact]
    public void Commands_while_a_projection_was_held_are_counted() =>
        Assert.Contains("1 of them while", Check(Events, $"1 {Rows}", "4 pause w:view-items @ 0-1\n4 resume w:view-items @ 4-5").Summary.Replace("2 commands acknowledged, ", "", StringComparison.Ordinal), StringComparison.Ordinal);

    [Fact]
    public void Where_no_view_was_read_nothing_is_known() => Assert.Equal(Verdict.Unknown, new AggregatesChecker().Check(Read($"{Commanded}9 history w:o1 -> {Events} @ 20-21")).Verdict);

    private static CheckResult Check(string events, string view, string more = "") =>
        new AggregatesChecker().Check(Read($"{Commanded}9 history w:o1 -> {events} @ 20-21\n9 view w:view-orders -> {view} @ 22-23\n{more}"));

    /// <summary>A board has no way to write an absent word among others.</summary>
    private static Cluster.Lab.Histories.History Read(string lines)
    {
        var history = Recorded.History(lines);
        return new([.. history.Operations.Select(operation => operation with { Input = [.. operation.Input.Select(word => word == "null" ? null : word)] })], history.Faults);
    }
}
