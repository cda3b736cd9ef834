using System.Text.Json;
using Cluster.Lab.Scenarios;
using Cluster.Lab.Schedules;
using Cluster.Shared.Scenarios;

namespace Cluster.Lab.Tests.Scenarios;

public class ScenarioPlanTests
{
    private static readonly TimeSpan Span = TimeSpan.FromSeconds(30);

    private static readonly Scenario Scenario = new("slug", "Title", "?")
    {
        Nodes = 3,
        Workloads = [new("kv", 4)],
        Faults = new FaultMix([new(FaultType.Kill, "one")]),
        Bugs =
        [
            new("elsewhere", "in circumstances of its own", ["stale-read"]) { Nodes = 5, Shards = 2, Workloads = [new("counter", 9)], Faults = new FaultMix([new(FaultType.Pause, "leader")]) },
            new("here", "in those of the mode", ["no-fsync"]),
        ],
    };

    [Fact]
    public void A_bug_is_played_in_its_own_circumstances()
    {
        var plan = ScenarioPlan.Generate(Scenario, "elsewhere", 1, Span);

        Assert.Equal((5, 2, "elsewhere", "Title, broken: elsewhere"), (plan.Scenario.Nodes, plan.Scenario.Shards, plan.Bug, plan.Scenario.Title));
        Assert.Equal([new ScenarioWorkload("counter", 9)], plan.Scenario.Workloads);
        Assert.NotEmpty(plan.Schedule.Faults);
        Assert.All(plan.Schedule.Faults, fault => Assert.Equal((FaultType.Pause, "leader"), (fault.Kind, fault.Target)));
    }

    [Fact]
    public void What_a_bug_does_not_say_is_as_in_the_mode()
    {
        var (plan, broken) = (ScenarioPlan.Generate(Scenario, null, 1, Span), ScenarioPlan.Generate(Scenario, "here", 1, Span));

        Assert.Equal(plan.Scenario.Nodes, broken.Scenario.Nodes);
        Assert.Equal(plan.Scenario.Workloads, broken.Scenario.Workloads);
        Assert.Equal(plan.Schedule.Faults, broken.Schedule.Faults);
        Assert.Null(plan.Bug);
    }

    [Fact]
    public void Whoever_asks_for_a_number_of_nodes_gets_it_with_a_bug_as_well()
    {
        Assert.Equal(7, ScenarioPlan.Generate(Scenario, null, 1, Span, nodes: 7).Scenario.Nodes);
        Assert.Equal(7, ScenarioPlan.Generate(Scenario, "elsewhere", 1, Span, nodes: 7).Scenario.Nodes);
    }

    [Fact]
    public void A_bug_that_there_is_not_is_refused_with_those_that_there_are() =>
        Assert.Equal("slug has no broken variant 'nope'; it has elsewhere, here", Assert.Throws<LabException>(() => ScenarioPlan.Generate(Scenario, "nope", 1, Span)).Message);

    [Fact]
    public void What_a_cluster_cannot_be_given_is_left_out_of_a_generated_schedule_and_not_of_a_written_one()
    {
        var unsupported = new Dictionary<FaultType, string> { [FaultType.Disconnect] = "nobody may" };
        var (all, some) = (new FaultMix([new(FaultType.Disconnect, "one"), new(FaultType.Kill, "one")]), new FaultMix([new(FaultType.Kill, "one")]));
        var plan = ScenarioPlan.Generate(Scenario with { Faults = all }, null, 1, Span);

        Assert.Equal(ScenarioPlan.Generate(Scenario with { Faults = some }, null, 1, Span).Schedule.Faults, plan.Without(unsupported).Schedule.Faults);
        Assert.Equal(plan.Schedule, (plan with { IsScheduleGiven = true }).Without(unsupported).Schedule);
    }

    [Fact]
    public void A_cluster_that_can_be_given_none_of_the_faults_is_refused_with_the_reason() =>
        Assert.Equal(
            "no fault of this lab can be done on this cluster: kill: nobody may",
            Assert.Throws<LabException>(() => ScenarioPlan.Generate(Scenario, null, 1, Span).Without(new Dictionary<FaultType, string> { [FaultType.Kill] = "nobody may" })).Message);

    [Fact]
    public void A_scenario_goes_through_json_and_is_still_the_same()
    {
        var read = JsonSerializer.Deserialize(JsonSerializer.Serialize(Scenario, ScenarioJson.Default.Scenario), ScenarioJson.Default.Scenario)!;

        foreach (var bug in new[] { null, "elsewhere", "here" })
        {
            var (one, other) = (ScenarioPlan.Generate(Scenario, bug, 5, Span), ScenarioPlan.Generate(read, bug, 5, Span));
            Assert.Equal(ScheduleFile.Text(one.Schedule), ScheduleFile.Text(other.Schedule));
            Assert.Equal((one.Scenario.Nodes, one.Scenario.Title, one.Scenario.RecoversWithin), (other.Scenario.Nodes, other.Scenario.Title, other.Scenario.RecoversWithin));
        }
    }
}
