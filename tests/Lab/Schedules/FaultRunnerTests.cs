using Cluster.Lab.Schedules;
using Cluster.Lab.Tests.Workloads;
using Cluster.Shared.Scenarios;

namespace Cluster.Lab.Tests.Schedules;

/// <summary>A schedule on nodes of words: each fault begins and ends at its time, stands in the history when it has happened, and is counted missed where it could not.</summary>
public class FaultRunnerTests
{
    private readonly FakeFaultTarget target = new(new VirtualClock());

    [Fact]
    public void Every_fault_stands_in_the_history_at_its_beginning_and_at_its_end()
    {
        var (told, tally) = target.Play(Schedule(
            Fault(FaultType.Kill, "n1", 1, 2),
            Fault(FaultType.Pause, "n2", 2, 3),
            Fault(FaultType.Cut, "n3", 4, 2),
            Fault(FaultType.PowerLoss, "n1", 6, 1),
            Fault(FaultType.Restart, "n2", 6, 0.5),
            Fault(FaultType.Leave, "n3", 8, 1)));

        Assert.Equal(
            [
                "1 kill n1", "2 pause n2", "3 restart n1 (kill)", "4 cut n3 / n1,n2", "5 resume n2 (pause)", "6 heal n3 / n1,n2 (cut)", "6 power-loss n1", "6 restart n2", "6.5 restart n2 (restart)",
                "7 restart n1 (power-loss)", "8 leave n3", "9 join n3 (leave)",
            ],
            told);
        Assert.Equal(["1 kill n1", "2 pause n2", "3 start n1", "5 resume n2", "6 power-loss n1", "6 kill n2", "6 start n2", "7 start n1", "8 leave n3", "9 rejoin n3"], target.Deeds);
        Assert.Empty(tally.Missed);
        Assert.Equal(6, tally.Happened.Values.Sum());
    }

    [Fact]
    public void A_node_whose_disk_is_damaged_is_dead_until_it_is_replaced()
    {
        var (told, _) = target.Play(Schedule(Fault(FaultType.BitFlip, "n1", 1, 3)), look: () => Assert.Equal(NodeLife.Dead, target.Life("n1")), at: 2);

        Assert.Equal(["1 bit-flip n1", "4 join n1 (bit-flip)"], told);
        Assert.Equal(["1 kill n1", "1 damage n1", "4 replace n1"], target.Deeds);
    }

    [Fact]
    public void A_node_that_has_nothing_to_damage_is_started_again_at_once_and_the_fault_has_not_happened()
    {
        target.Instead["damage n1"] = static () => throw new LabException("nothing is written there yet");

        var (told, tally) = target.Play(Schedule(Fault(FaultType.BitFlip, "n1", 1, 0.05)));

        Assert.Empty(told);
        Assert.Equal(NodeLife.Running, target.Life("n1"));
        Assert.Single(tally.Missed);
    }

    [Fact]
    public void While_links_are_cut_each_node_knows_its_own_and_none_does_afterwards()
    {
        target.Play(Schedule(Fault(FaultType.CutOut, "n1", 1, 2)), look: () => Assert.Equal(["n2", "n3"], target.LinksOf("n1").Where(rule => rule.Cut).Select(rule => rule.To)), at: 2);

        Assert.All(target.NodeNames, node => Assert.Empty(target.LinksOf(node)));
    }

    [Fact]
    public void Disk_and_clock_are_wrong_from_beginning_to_end()
    {
        var looked = false;
        target.Play(
            Schedule(Fault(FaultType.SlowDisk, "n2", 1, 2, "40ms"), Fault(FaultType.ClockDrift, "n2", 1.5, 3, "0.5")),
            look: () => looked = target.InsideOf("n2") is { Disk.LatencyMs: 40, Clock.Rate: 0.5 } && target.InsideOf("n1") == InsideFaults.None,
            at: 2);

        Assert.True(looked);
        Assert.Equal(InsideFaults.None, target.InsideOf("n2"));
    }

    [Fact]
    public void A_process_that_is_new_is_told_what_is_wrong_with_its_links_and_its_disk()
    {
        var looked = false;
        target.Play(
            Schedule(Fault(FaultType.Delay, "n1", 1, 6), Fault(FaultType.FullDisk, "n1", 1, 6), Fault(FaultType.Kill, "n1", 2, 2)),
            look: () => looked = target.LinksOf("n1").All(rule => rule.DelayMs == 60) && target.LinksOf("n1").Count == 2 && target.InsideOf("n1").Disk.Full,
            at: 5);

        Assert.True(looked);
        Assert.Empty(target.LinksOf("n1"));
        Assert.Equal(InsideFaults.None, target.InsideOf("n1"));
    }

    [Fact]
    public void What_is_down_is_struck_as_soon_as_it_is_back_for_as_long_as_was_planned()
    {
        var (told, tally) = target.Play(Schedule(Fault(FaultType.Kill, "n1", 1, 2), Fault(FaultType.Pause, "n1", 2, 4), Fault(FaultType.Kill, "n1", 2, 6)));

        Assert.Equal(["1 kill n1", "3 restart n1 (kill)", "3 pause n1", "3 kill n1", "7 resume n1 (pause)", "9 restart n1 (kill)"], told);
        Assert.Empty(tally.Missed);
    }

    [Fact]
    public void While_every_node_is_starting_a_fault_of_links_waits_for_one_that_can_be_told()
    {
        var asked = 0;
        target.Answers = _ => ++asked > 150; // Three nodes, ten times a second: for five seconds none answers.

        var (told, tally) = target.Play(Schedule(Fault(FaultType.CutOut, "n1", 1, 2)));

        Assert.Empty(tally.Missed);
        Assert.Equal(["6 cut-out n1", "8 heal n1 (cut-out)"], told);
    }

    [Fact]
    public void Faults_that_come_late_for_a_node_took_long_to_come_back_last_as_long_as_planned()
    {
        target.Takes["start n1"] = TimeSpan.FromSeconds(5);

        var (told, tally) = target.Play(Schedule(Fault(FaultType.Kill, "n1", 1, 1), Fault(FaultType.Cut, "n2", 3, 2), Fault(FaultType.Pause, "n3", 5, 1)));

        Assert.Empty(tally.Missed);
        Assert.Equal(["1 kill n1", "7 restart n1 (kill)", "7 cut n2 / n1,n3", "7 pause n3", "8 resume n3 (pause)", "9 heal n2 / n1,n3 (cut)"], told);
    }

    [Fact]
    public void What_never_could_begin_is_missed_with_its_reason()
    {
        var schedule = Schedule(Fault(FaultType.Kill, "n1", 1, 12), Fault(FaultType.Pause, "n1", 2, 2), Fault(FaultType.SlowDisk, "n1", 2, 2), Fault(FaultType.Cut, "all", 2, 1));

        var (told, tally) = target.Play(schedule);

        Assert.Equal(["1 kill n1", "13 restart n1 (kill)"], told);
        Assert.Equal([FaultType.Cut, FaultType.Pause, FaultType.SlowDisk], tally.Missed.Select(missed => missed.Fault.Kind).OrderBy(ScheduleNames.Of));
        Assert.Equal("planned, and never happened: pause (n1 was down or stopped already); slow-disk (n1 is down); cut (no node could be told of it)", tally.NeverHappened(schedule));
    }

    [Fact]
    public void A_kind_that_happened_once_has_happened()
    {
        var schedule = Schedule(Fault(FaultType.Kill, "n1", 1, 5), Fault(FaultType.Kill, "n1", 2, 1));

        var (_, tally) = target.Play(schedule);

        Assert.Single(tally.Missed);
        Assert.Null(tally.NeverHappened(schedule));
        Assert.Equal("planned, and never happened: pause (the run ended before)", tally.NeverHappened(Schedule(Fault(FaultType.Pause, "n1", 1, 1))));
    }

    [Theory]
    [InlineData(FaultRole.Minority, "minority is nobody in a cluster of 1")]
    [InlineData("n1", "a bridge needs two nodes besides it")]
    public void A_fault_that_needs_more_nodes_than_there_are_says_so(string role, string why)
    {
        target.KeepOnly("n1");
        var kind = role == FaultRole.Minority ? FaultType.Kill : FaultType.Bridge;

        var (told, tally) = target.Play(Schedule(Fault(kind, role, 1, 1)));

        Assert.Empty(told);
        Assert.Equal(why, Assert.Single(tally.Missed).Because);
    }

    [Fact]
    public void The_leader_is_asked_for_when_the_fault_begins()
    {
        target.Leader = "n3";

        Assert.Equal(["1 kill n2", "3 restart n2 (kill)"], target.Play(Schedule(Fault(FaultType.Kill, FaultRole.Leader, 1, 2)), look: () => target.Leader = "n2", at: 0.5).Told);
    }

    [Fact]
    public void The_seed_chooses_and_always_the_same()
    {
        var schedule = Schedule([.. Enumerable.Range(1, 10).Select(second => Fault(FaultType.Pause, FaultRole.One, second, 0.5))]);

        Assert.Equal(new FakeFaultTarget(new VirtualClock()).Play(schedule, seed: 3).Told, new FakeFaultTarget(new VirtualClock()).Play(schedule, seed: 3).Told);
        Assert.NotEqual(new FakeFaultTarget(new VirtualClock()).Play(schedule, seed: 3).Told, new FakeFaultTarget(new VirtualClock()).Play(schedule, seed: 4).Told);
    }

    [Fact]
    public void A_fault_of_no_length_begins_before_it_ends() => Assert.Equal(["1 kill n1", "1 restart n1 (kill)"], target.Play(Schedule(Fault(FaultType.Kill, "n1", 1, 0))).Told);

    [Fact]
    public void A_node_whose_disk_failed_it_is_started_and_first_ended_where_it_has_not_done_so_itself()
    {
        target.Play(Schedule(Fault(FaultType.FailFsync, "n1,n2", 1, 2)), look: () => target.Dies("n1"), at: 2);

        Assert.Equal(["3 start n1", "3 power-loss n2", "3 start n2"], target.Deeds);
        Assert.Equal(InsideFaults.None, target.InsideOf("n2"));
    }

    [Fact]
    public void A_node_that_died_of_itself_is_not_chosen_while_another_one_lives()
    {
        target.Dies("n1");
        target.Dies("n3");

        var (told, _) = target.Play(Schedule([.. Enumerable.Range(1, 8).Select(second => Fault(FaultType.Cut, FaultRole.One, second, 0.5))]));

        Assert.Equal(16, told.Count);
        Assert.All(told, fault => Assert.Contains(" n2 / n1,n3", fault, StringComparison.Ordinal));
    }

    [Fact]
    public void What_cannot_be_done_here_is_refused_before_anything_is_broken()
    {
        FaultRunner.RefuseUnsupported(Schedule(Fault(FaultType.Kill, "n1", 1, 1)), target);

        var refused = Assert.Throws<LabException>(() => FaultRunner.RefuseUnsupported(Schedule(Fault(FaultType.Kill, "n1", 1, 1), Fault(FaultType.Disconnect, "n1", 2.5, 1)), target));
        Assert.Equal("disconnect at 2.5s cannot be done on this cluster: they have no network", refused.Message);
    }

    internal static FaultSchedule Schedule(params PlannedFault[] faults) => new(faults);

    internal static PlannedFault Fault(FaultType kind, string target, double start, double length, string? amount = null) =>
        new(kind, target, TimeSpan.FromSeconds(start), TimeSpan.FromSeconds(length), amount);
}
