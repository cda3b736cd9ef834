using Cluster.Lab.Checkers;
using Cluster.Lab.Histories;
using Cluster.Lab.Scenarios;
using Cluster.Lab.Schedules;
using Cluster.Lab.Workloads;
using Cluster.Shared.Scenarios;

namespace Cluster.Lab.Tests.Scenarios;

/// <summary>A violation is certain whatever else is doubtful; doubt never passes.</summary>
public class ScenarioJudgeTests
{
    private const string Key = "kv0:k1";

    private static readonly PlannedFault Kill = new(FaultType.Kill, "n1", TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));

    private static readonly ScenarioPlan Plan = new(new Scenario("s", "S", "?") { Workloads = [new("kv", 1)], AnsweredPerSecondMin = 5 }, new FaultSchedule([Kill, Kill with { Start = TimeSpan.FromSeconds(3) }]), 1, TimeSpan.FromSeconds(10));

    private static readonly History Right = new([Write("1", 0, 1), Read("1", 2, 3)], []);
    private static readonly History Wrong = new([Write("1", 0, 1), Read(null, 2, 3)], []);

    [Fact]
    public void A_run_that_showed_what_it_was_to_show_holds() => Assert.Equal((Verdict.Holds, null), Judge(Finding(), Right));

    [Theory]
    [InlineData("the history could not be read back")]
    [InlineData(null)]
    public void A_violation_counts_whatever_is_doubtful(string? doubt) => Assert.Equal((Verdict.Violated, doubt), Judge(Finding() with { Doubt = doubt }, Wrong));

    [Fact]
    public void Doubt_never_passes() => Assert.Equal((Verdict.Unknown, "why not"), Judge(Finding() with { Doubt = "why not" }, Right));

    [Fact]
    public void Too_few_answers_show_nothing()
    {
        Assert.Equal((Verdict.Unknown, "only 49 operations were answered, which shows nothing: at least 50 were to be"), Judge(Finding() with { Progress = new WorkloadProgress(49, 1_000, 1_000) }, Right));
        Assert.Equal((Verdict.Violated, "only 49 operations were answered, which shows nothing: at least 50 were to be"), Judge(Finding() with { Progress = new WorkloadProgress(49, 0, 0) }, Wrong));
    }

    [Fact]
    public void A_kind_of_fault_that_never_happened_leaves_the_run_unknown()
    {
        var tally = new FaultTally();
        tally.Miss(Kill, "n1 was down or stopped already");

        Assert.Equal((Verdict.Unknown, "planned, and never happened: kill (n1 was down or stopped already)"), Judge(Finding() with { Faults = tally }, Right));
    }

    [Fact]
    public void Of_a_schedule_that_somebody_wrote_every_fault_must_happen()
    {
        var tally = Happened();
        tally.Miss(Kill, "it was down");

        Assert.Equal((Verdict.Holds, null), Judge(Finding() with { Faults = tally }, Right));
        Assert.Equal((Verdict.Unknown, "kill at 1s never happened: it was down"), Judge(Finding() with { Plan = Plan with { IsScheduleGiven = true }, Faults = tally }, Right));
    }

    [Fact]
    public void Nodes_that_do_not_serve_again_violate_the_promise_to_recover()
    {
        var verdict = ScenarioJudge.Judge(Finding() with { Recovery = new ScenarioRecovery(TimeSpan.FromSeconds(30), "n2: s3 has no leader") }, Right, [], TimeProvider.System);

        Assert.Equal(Verdict.Violated, verdict.Verdict);
        Assert.Contains(verdict.Results, result => result is { Checker: "recovery", Verdict: Verdict.Violated, Summary: "not every node served 30 s after the last fault was taken back", Details: ["n2: s3 has no leader"] });
    }

    [Fact]
    public void A_run_that_broke_off_before_it_was_healed_is_unknown() => Assert.Equal(Verdict.Unknown, Judge(Finding() with { Recovery = null }, Right).Verdict);

    [Fact]
    public void What_the_stage_has_seen_counts_like_a_checker()
    {
        Assert.Equal(Verdict.Violated, ScenarioJudge.Judge(Finding(), Right, [new CheckResult("safety", Verdict.Violated, "two leaders", [])], TimeProvider.System).Verdict);
        Assert.Equal(Verdict.Unknown, ScenarioJudge.Judge(Finding(), Right, [new CheckResult("safety", Verdict.Unknown, "not looked at", [])], TimeProvider.System).Verdict);
    }

    [Fact]
    public void A_node_that_ended_itself_violates_whatever_the_clients_saw() =>
        Assert.Equal(Verdict.Violated, Judge(Finding() with { EndedThemselves = new Dictionary<string, string> { ["n1"] = "assertion failed" } }, Right).Verdict);

    [Fact]
    public void Each_workload_is_judged_on_its_own_operations_only()
    {
        var two = Finding() with { Plan = Plan with { Scenario = Plan.Scenario with { Workloads = [new("kv", 1), new("kv", 1)] } } };
        var other = new History([.. Right.Operations, .. Wrong.Operations.Select(operation => operation with { Process = operation.Process + ScenarioRun.ProcessesEach })], []);

        var verdict = ScenarioJudge.Judge(two, other, [], TimeProvider.System);

        var perKey = verdict.Results.Where(result => result.Checker == "kv: linearizability").Select(result => result.Verdict);
        Assert.Equal([Verdict.Holds, Verdict.Violated], perKey);
    }

    [Theory]
    [InlineData("stale", Verdict.Holds)]
    [InlineData("Stale", Verdict.Holds)]
    [InlineData("linearizable", Verdict.Violated)]
    [InlineData("lease", Verdict.Violated)]
    [InlineData(null, Verdict.Violated)]
    public void Stale_reads_are_not_judged_as_if_they_were_none(string? consistency, Verdict expected)
    {
        var stale = new History([Write("1", 0, 1), Read(null, 2, 3), Read("1", 4, 5)], []);

        Assert.Equal(expected, Judge(Finding() with { Plan = Plan with { Scenario = Plan.Scenario with { Workloads = [new("kv", 1) { Consistency = consistency }] } } }, stale).Verdict);
    }

    [Fact]
    public void A_scenario_may_name_its_checkers_and_one_that_there_is_not_is_refused()
    {
        var named = Finding() with { Plan = Plan with { Scenario = Plan.Scenario with { Workloads = [new("kv", 1) { Checkers = ["acknowledged"] }] } } };
        Assert.Equal(2, ScenarioJudge.Judge(named, Right, [], TimeProvider.System).Results.Count);

        var unknown = named with { Plan = Plan with { Scenario = Plan.Scenario with { Workloads = [new("kv", 1) { Checkers = ["gut feeling"] }] } } };
        Assert.Contains("there is no checker 'gut feeling'", Assert.Throws<LabException>(() => ScenarioJudge.Judge(unknown, Right, [], TimeProvider.System)).Message, StringComparison.Ordinal);
    }

    private static (Verdict Verdict, string? Doubt) Judge(ScenarioFinding finding, History history)
    {
        var verdict = ScenarioJudge.Judge(finding, history, [], TimeProvider.System);
        return (verdict.Verdict, verdict.Doubt);
    }

    private static ScenarioFinding Finding() => new(Plan, Happened(), new WorkloadProgress(50, 0, 0), new ScenarioRecovery(TimeSpan.FromSeconds(1), null), null);

    private static FaultTally Happened()
    {
        var tally = new FaultTally();
        tally.Count(Kill);
        return tally;
    }

    private static Operation Write(string value, long call, long end) => new(0, "write", Key, [value], call, end, Outcome.Ok);

    private static Operation Read(string? value, long call, long end) => new(0, "read", Key, [], call, end, Outcome.Ok, value);
}
