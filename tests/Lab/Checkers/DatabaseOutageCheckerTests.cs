using Cluster.Lab.Checkers;
using Cluster.Lab.Histories;

namespace Cluster.Lab.Tests.Checkers;

/// <summary>While the database is away nothing may be answered: counted between the fault's beginning and its end, of whatever began in between.</summary>
public class DatabaseOutageCheckerTests
{
    [Fact]
    public void Refusals_while_it_is_away_are_what_a_single_point_of_failure_gives()
    {
        var result = Check("database", Read(9, 9.5, Outcome.Ok), Read(9.9, 10.1, Outcome.Ok), Read(11, 11.1, Outcome.Fail), Read(12, 12.1, Outcome.Info), Read(21, 21.1, Outcome.Ok));

        Assert.Equal((Verdict.Holds, "availability 0 % while the database was away: 0 of 2 operations answered in 1 outages of 10.0 s together"), (result.Verdict, result.Summary));
    }

    [Fact]
    public void An_answer_while_it_is_away_came_from_somewhere_else()
    {
        var result = Check("database", Read(11, 11.1, Outcome.Fail), Read(12, 12.1, Outcome.Ok));

        Assert.Equal(Verdict.Violated, result.Verdict);
        Assert.StartsWith("availability 50 % ", result.Summary, StringComparison.Ordinal);
        Assert.Single(result.Piece);
    }

    [Fact]
    public void What_comes_back_a_moment_before_the_end_is_noted_is_no_violation() =>
        Assert.Equal(Verdict.Holds, Check("database", Read(11, 11.1, Outcome.Fail), Read(19.5, 19.9, Outcome.Ok)).Verdict);

    [Fact]
    public void The_death_of_a_node_is_none_of_the_database_and_shows_nothing()
    {
        var result = Check("n1", Read(11, 11.1, Outcome.Ok));

        Assert.Equal((Verdict.Unknown, "the database was not away"), (result.Verdict, result.Summary));
    }

    [Fact]
    public void An_outage_in_which_nobody_asked_shows_nothing() => Assert.Equal(Verdict.Unknown, Check("database", Read(9, 9.5, Outcome.Ok), Read(21, 21.1, Outcome.Ok)).Verdict);

    [Theory]
    [InlineData(null)]
    [InlineData("kill")]
    public void A_stopped_database_that_another_fault_starts_again_is_back_though_nobody_has_resumed_it(string? ends)
    {
        FaultEvent[] faults = [new("pause", "database", Nanoseconds(10)), new("restart", "database", Nanoseconds(14), ends), new("restart", "database", Nanoseconds(14.5), "restart"), new("resume", "database", Nanoseconds(20), "pause")];

        var holds = new DatabaseOutageChecker().Check(new History([Read(11, 11.1, Outcome.Fail), Read(16, 16.1, Outcome.Ok)], faults));
        var violated = new DatabaseOutageChecker().Check(new History([Read(11, 11.1, Outcome.Ok), Read(16, 16.1, Outcome.Ok)], faults));

        Assert.Equal((Verdict.Holds, "availability 0 % while the database was away: 0 of 1 operations answered in 1 outages of 4.0 s together"), (holds.Verdict, holds.Summary));
        Assert.Equal(Verdict.Violated, violated.Verdict);
    }

    private static CheckResult Check(string target, params Operation[] operations) =>
        new DatabaseOutageChecker().Check(new History(operations, [new FaultEvent("kill", target, Nanoseconds(10)), new FaultEvent("restart", target, Nanoseconds(20), "kill")]));

    private static Operation Read(double call, double end, Outcome outcome) => new(1, "read", "k", [], Nanoseconds(call), Nanoseconds(end), outcome, outcome == Outcome.Ok ? "v" : null, "n1");

    private static long Nanoseconds(double seconds) => (long)(seconds * 1e9);
}
