using Cluster.Lab.Scenarios;
using Cluster.Lab.Schedules;
using Cluster.Lab.Tests.Workloads;
using Cluster.Shared.Scenarios;

namespace Cluster.Lab.Tests.Schedules;

/// <summary>The database as a target of faults: killed, stopped and restarted as a node is, under its own name, and counted apart from the nodes.</summary>
public class DatabaseFaultTests
{
    private readonly FakeFaultTarget target = new(new VirtualClock());

    [Fact]
    public void It_dies_stops_and_comes_back_and_the_history_names_it()
    {
        var (told, tally) = target.Play(Schedule(Fault(FaultType.Kill, 1, 2), Fault(FaultType.Pause, 4, 1), Fault(FaultType.Restart, 6, 0.5)));

        Assert.Equal(["1 kill database", "3 restart database (kill)", "4 pause database", "5 resume database (pause)", "6 restart database", "6.5 restart database (restart)"], told);
        Assert.Equal(["1 kill database", "3 start database", "4 pause database", "5 resume database", "6 kill database", "6 start database"], target.Deeds);
        Assert.Equal((1, 1, 1), (tally.OfDatabase[FaultType.Kill], tally.OfDatabase[FaultType.Pause], tally.OfDatabase[FaultType.Restart]));
    }

    [Fact]
    public void A_node_that_died_does_not_stand_for_the_database()
    {
        var tally = new FaultTally();
        tally.Count(new PlannedFault(FaultType.Kill, "one", default, default));
        tally.Miss(Fault(FaultType.Kill, 1, 1), "it was dead already");

        Assert.Equal("planned, and never happened: kill of the database (it was dead already)", tally.NeverHappened(Schedule(Fault(FaultType.Kill, 1, 1), new PlannedFault(FaultType.Kill, "one", default, default))));
        tally.Count(Fault(FaultType.Kill, 1, 1));
        Assert.Null(tally.NeverHappened(Schedule(Fault(FaultType.Kill, 1, 1), new PlannedFault(FaultType.Kill, "one", default, default))));
    }

    [Fact]
    public void The_database_does_not_stand_for_a_node_that_should_have_died()
    {
        var tally = new FaultTally();
        tally.Count(Fault(FaultType.Kill, 1, 1));

        Assert.StartsWith("planned, and never happened: kill (", tally.NeverHappened(Schedule(new PlannedFault(FaultType.Kill, "one", default, default))), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("cut")]
    [InlineData("power-loss")]
    [InlineData("slow-disk")]
    public void What_cannot_strike_it_is_refused_with_its_line(string kind)
    {
        var wrong = Assert.Throws<FormatException>(() => ScheduleFile.Parse($$"""{"faults":[{"kind":"{{kind}}","target":"database","start":"1s","length":"1s"}]}""", "faults.json", ["n1"]));

        Assert.StartsWith($"faults.json, line 1: {kind} cannot strike the database; kill, restart, pause can", wrong.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Where_there_is_none_a_schedule_that_asks_for_it_is_refused_before_anything_is_broken()
    {
        target.WhyNoDatabase = "somebody else runs it";

        var refused = Assert.Throws<LabException>(() => FaultRunner.RefuseUnsupported(Schedule(Fault(FaultType.Kill, 1, 1)), target));
        Assert.Equal("kill of the database at 1s cannot be done on this cluster: somebody else runs it", refused.Message);
    }

    [Fact]
    public void A_lab_that_is_shown_by_its_death_is_not_shown_without()
    {
        var scenario = new Scenario("slug", "Title", "?") { Workloads = [new("kv", 1)], Faults = new FaultMix([new(FaultType.Kill, "database"), new(FaultType.Kill, "one")]) };
        var plan = ScenarioPlan.Generate(scenario, null, 1, TimeSpan.FromSeconds(60));
        var none = new Dictionary<FaultType, string>();

        Assert.Same(plan, plan.Without(none));
        var fitted = plan.Without(none, "somebody else runs it");
        Assert.NotEmpty(fitted.Schedule.Faults);
        Assert.All(fitted.Schedule.Faults, fault => Assert.Equal("one", fault.Target));
        Assert.Equal("no fault struck the database: somebody else runs it", fitted.LeftOut);
    }

    private static FaultSchedule Schedule(params PlannedFault[] faults) => new(faults);

    private static PlannedFault Fault(FaultType kind, double start, double length) => new(kind, FaultRole.Database, TimeSpan.FromSeconds(start), TimeSpan.FromSeconds(length));
}
