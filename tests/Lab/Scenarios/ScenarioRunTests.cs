using Cluster.Lab.Checkers;
using Cluster.Lab.Histories;
using Cluster.Lab.Scenarios;
using Cluster.Lab.Schedules;
using Cluster.Lab.Tests.Workloads;
using Cluster.Shared.Scenarios;

namespace Cluster.Lab.Tests.Scenarios;

/// <summary>A scenario on a stage of words: clients, faults, healing, reading back, and what its finding says of each.</summary>
public class ScenarioRunTests
{
    private static readonly Scenario Scenario = new("shared-nothing", "Shared nothing", "Is it?")
    {
        Workloads = [new("kv", Clients: 3) { Pause = TimeSpan.FromMilliseconds(20) }, new("bank", Clients: 2) { Pause = TimeSpan.FromMilliseconds(20) }],
        RecoversWithin = TimeSpan.FromSeconds(10),
    };

    private readonly VirtualClock time = new();

    [Fact]
    public void A_store_that_keeps_its_word_under_faults_that_happened_holds()
    {
        var stage = Stage();
        var plan = Plan(new PlannedFault(FaultType.Kill, "n1", Seconds(1), Seconds(2)), new PlannedFault(FaultType.Cut, "n2", Seconds(3), Seconds(1)));

        var (finding, history) = stage.Play(plan);

        Assert.Equal(Verdict.Holds, ScenarioJudge.Judge(finding, history, [], TimeProvider.System).Verdict);
        Assert.Equal(["kill", "restart", "cut", "heal"], history.Faults.Select(fault => fault.Fault));
        Assert.Single(finding.Happenings);
        Assert.InRange(finding.Ended, 6 * 1_000_000_000L, 30 * 1_000_000_000L);
    }

    [Fact]
    public void A_store_that_forgets_is_violated_by_the_workloads_own_checkers()
    {
        var (finding, history) = Stage(Flaw.LostWrites).Play(Plan());

        var verdict = ScenarioJudge.Judge(finding, history, [], TimeProvider.System);

        Assert.Equal(Verdict.Violated, verdict.Verdict);
        Assert.Contains(verdict.Results, result => result.Verdict == Verdict.Violated && result.Checker.StartsWith("kv: ", StringComparison.Ordinal));
    }

    [Fact]
    public void Each_workload_has_keys_and_processes_of_its_own()
    {
        var (_, history) = Stage().Play(Plan() with { KeyPrefix = "run-1:" });

        Assert.All(history.Operations, operation => Assert.StartsWith(operation.Process < ScenarioRun.ProcessesEach ? "run-1:kv0:" : "run-1:bank1:", operation.Key, StringComparison.Ordinal));
        Assert.Contains(history.Operations, operation => operation.Process >= ScenarioRun.ProcessesEach);
    }

    [Fact]
    public void A_schedule_that_breaks_off_leaves_no_fault_behind_and_its_run_is_in_doubt()
    {
        var stage = Stage();
        stage.Nodes.Instead["start n1"] = static () => throw new LabException("the machine does not answer");

        var (finding, _) = stage.Play(Plan(new PlannedFault(FaultType.Pause, "n2", Seconds(0.5), Seconds(20)), new PlannedFault(FaultType.Kill, "n1", Seconds(1), Seconds(1))));

        Assert.Equal("the machine does not answer", finding.Doubt);
        Assert.All(stage.Nodes.NodeNames, node => Assert.Equal(NodeLife.Running, stage.Nodes.Life(node)));
    }

    [Fact]
    public void Nodes_that_do_not_serve_in_time_are_told_with_their_reason_and_nothing_is_read_back()
    {
        var stage = Stage();
        stage.NotReadyBecause = static () => "n2: s3 has no leader";

        var (finding, _) = stage.Play(Plan());

        Assert.Equal("n2: s3 has no leader", finding.Recovery!.NotReadyBecause);
        Assert.InRange(finding.Recovery.After, Scenario.RecoversWithin, Scenario.RecoversWithin + Seconds(1));
    }

    [Fact]
    public void Nobody_waits_for_a_node_that_has_ended_itself()
    {
        var stage = Stage();
        stage.NotReadyBecause = static () => "n2 does not answer";
        stage.Nodes.Ended["n2"] = "its log lacks what was committed";

        var (finding, _) = stage.Play(Plan());

        Assert.Equal("n2 does not answer; n2 ended by itself, so nobody waited for it", finding.Recovery!.NotReadyBecause);
        Assert.True(finding.Recovery.After < Seconds(1), $"{finding.Recovery.After}");
        Assert.Equal(["n2"], finding.EndedThemselves.Keys);
    }

    [Fact]
    public void The_time_until_all_serve_is_measured_from_the_last_healing()
    {
        var stage = Stage();
        stage.NotReadyBecause = () => time.GetTimestamp() < Seconds(8).Ticks ? "n1: starts" : null;

        var (finding, _) = stage.Play(Plan(new PlannedFault(FaultType.Kill, "n1", Seconds(1), Seconds(2))));

        Assert.Null(finding.Recovery!.NotReadyBecause);
        Assert.InRange(finding.Recovery.After, Seconds(3), Seconds(3.1));
    }

    [Fact]
    public void What_is_read_back_afterwards_does_not_count_as_work_of_the_clients()
    {
        var store = new FakeStore(time) { StalledUntil = Seconds(7).Ticks };
        var (finding, history) = new FakeStage(time, store).Play(Plan() with { Scenario = Scenario with { AnsweredPerSecondMin = 2 } });

        // Each client's one operation ends when the store wakes up; the keys read back are three times as many.
        Assert.Equal(5, finding.Progress.Answered + finding.Progress.Refused + finding.Progress.Unknown);
        Assert.True(history.Operations.Count(operation => operation.Outcome == Outcome.Ok) > 20);
        var verdict = ScenarioJudge.Judge(finding, history, [], TimeProvider.System);
        Assert.Equal((Verdict.Unknown, "only 5 operations were answered, which shows nothing: at least 10 were to be"), (verdict.Verdict, verdict.Doubt));
    }

    [Fact]
    public void A_node_that_cannot_be_started_leaves_the_run_in_doubt()
    {
        var stage = Stage();
        stage.Nodes.Instead["start n1"] = static () => throw new LabException("its port is taken");

        var (finding, _) = stage.Play(Plan(new PlannedFault(FaultType.Kill, "n1", Seconds(1), Seconds(2))));

        Assert.Equal("its port is taken", finding.Doubt);
        Assert.Null(finding.Recovery);
    }

    [Theory]
    [InlineData("tea", null, "asks for a workload 'tea'")]
    [InlineData("kv", "eventual", "'eventual' is no consistency of reads")]
    [InlineData("list", "stale", "of which nothing would be left to judge")]
    [InlineData("list", "Stale", "of which nothing would be left to judge")]
    public void A_scenario_that_asks_for_what_there_is_not_is_refused_before_it_begins(string workload, string? consistency, string why)
    {
        var plan = Plan() with { Scenario = Scenario with { Workloads = [new(workload, 1) { Consistency = consistency }] } };

        Assert.Contains(why, Assert.Throws<LabException>(() => new ScenarioRun(plan, Stage(), new HistoryRecorder())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_schedule_that_the_stage_cannot_carry_out_is_refused_before_it_begins() =>
        Assert.Throws<LabException>(() => new ScenarioRun(Plan(new PlannedFault(FaultType.Disconnect, "n1", Seconds(1), Seconds(1))), Stage(), new HistoryRecorder()));

    private static ScenarioPlan Plan(params PlannedFault[] faults) => new(Scenario, new FaultSchedule(faults), 1, Seconds(5));

    private static TimeSpan Seconds(double seconds) => TimeSpan.FromSeconds(seconds);

    private FakeStage Stage(Flaw flaw = Flaw.None) => new(time, new FakeStore(time, flaw));
}
