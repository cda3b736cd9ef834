using Cluster.Lab.Schedules;
using Cluster.Lab.Tests.Workloads;
using Cluster.Shared.Scenarios;

namespace Cluster.Lab.Tests.Schedules;

/// <summary>Faults that meet on one node, nodes that do not answer, and runs that stop in the middle: each fault takes back what it did and no more, and in the end nothing is broken.</summary>
public class OverlappingFaultsTests
{
    private readonly FakeFaultTarget target = new(new VirtualClock());

    [Fact]
    public void A_node_that_one_kill_has_down_is_not_started_by_another_one()
    {
        var (told, _) = target.Play(FaultRunnerTests.Schedule(Fault(FaultType.Kill, "n1", 1, 5), Fault(FaultType.Kill, "all", 2, 1)));

        Assert.Equal(["1 kill n1", "2 kill n2,n3", "3 restart n2,n3 (kill)", "6 restart n1 (kill)"], told);
        Assert.Equal(["1 kill n1", "2 kill n2", "2 kill n3", "3 start n2", "3 start n3", "6 start n1"], target.Deeds);
    }

    [Fact]
    public void A_node_that_one_fault_has_stopped_is_not_let_go_by_another_one()
    {
        var (told, _) = target.Play(FaultRunnerTests.Schedule(Fault(FaultType.Pause, "n1", 1, 5), Fault(FaultType.Pause, "all", 2, 1)));

        Assert.Equal(["1 pause n1", "2 pause n2,n3", "3 resume n2,n3 (pause)", "6 resume n1 (pause)"], told);
    }

    [Fact]
    public void A_node_that_one_fault_has_off_the_network_is_not_put_back_by_another_one()
    {
        var (told, _) = target.Play(FaultRunnerTests.Schedule(Fault(FaultType.Disconnect, "n1", 1, 5), Fault(FaultType.Disconnect, "all", 2, 1)));

        Assert.Equal(["1 disconnect n1", "2 disconnect n2,n3", "3 connect n2,n3 (disconnect)", "6 connect n1 (disconnect)"], told);
        Assert.Equal(["1 disconnect n1", "2 disconnect n2", "2 disconnect n3", "3 connect n2", "3 connect n3", "6 connect n1"], target.Deeds);
    }

    [Fact]
    public void A_process_that_is_new_is_let_go_by_the_fault_that_stopped_it_and_not_by_one_that_stopped_the_old()
    {
        var (told, _) = target.Play(
            FaultRunnerTests.Schedule(Fault(FaultType.Pause, "n1", 1, 5), Fault(FaultType.Kill, "n1", 2, 1), Fault(FaultType.Pause, "n1", 4, 4)),
            look: () => Assert.Equal(NodeLife.Paused, target.Life("n1")),
            at: 7);

        Assert.Equal(["1 pause n1", "2 kill n1", "3 restart n1 (kill)", "4 pause n1", "6 resume n1 (pause)", "8 resume n1 (pause)"], told);
    }

    [Fact]
    public void A_node_off_the_network_stays_off_though_its_process_is_killed_and_started()
    {
        target.Play(FaultRunnerTests.Schedule(Fault(FaultType.Disconnect, "n1", 1, 5), Fault(FaultType.Kill, "n1", 2, 1)), look: () => Assert.True(target.IsOff("n1")), at: 4);

        Assert.Equal(["1 disconnect n1", "2 kill n1", "3 start n1", "6 connect n1"], target.Deeds);
    }

    [Fact]
    public void A_node_that_a_kill_has_down_is_not_started_when_its_disk_is_right_again()
    {
        target.Play(FaultRunnerTests.Schedule(Fault(FaultType.FailFsync, "n1", 1, 2), Fault(FaultType.Kill, "n1", 2, 4)), look: () => Assert.Equal(NodeLife.Dead, target.Life("n1")), at: 4);

        Assert.Equal(["2 kill n1", "6 start n1"], target.Deeds);
    }

    [Fact]
    public void A_stopped_node_can_be_killed_and_its_end_of_the_stop_does_nothing_more()
    {
        var (told, _) = target.Play(FaultRunnerTests.Schedule(Fault(FaultType.Pause, "n1", 1, 4), Fault(FaultType.Kill, "n1", 2, 1)), look: () => Assert.Equal(NodeLife.Running, target.Life("n1")), at: 4);

        Assert.Equal(["1 pause n1", "2 kill n1", "3 restart n1 (kill)", "5 resume n1 (pause)"], told);
        Assert.Equal(NodeLife.Running, target.Life("n1"));
    }

    [Fact]
    public void A_stopped_node_is_told_of_its_links_when_it_goes_on()
    {
        var looked = 0;
        target.Play(FaultRunnerTests.Schedule(Fault(FaultType.Pause, "n1", 1, 2), Fault(FaultType.Cut, "n1", 2, 4)), look: () => looked = target.LinksOf("n1").Count, at: 3.5);

        Assert.Equal(2, looked);
    }

    [Fact]
    public void A_fault_that_reached_no_node_is_no_fault_though_others_are_in_force_there()
    {
        // n1 was told that it is cut off before it was stopped; that what it sends is late as well, it never hears.
        var (told, tally) = target.Play(FaultRunnerTests.Schedule(Fault(FaultType.CutOut, "n1", 1, 18), Fault(FaultType.Pause, "n1", 2, 15), Fault(FaultType.Delay, "n1", 3, 2)));

        Assert.DoesNotContain(told, fault => fault.Contains("delay", StringComparison.Ordinal));
        Assert.Equal(FaultType.Delay, Assert.Single(tally.Missed).Fault.Kind);
    }

    [Fact]
    public void A_node_whose_answer_got_lost_is_told_again_that_all_is_well()
    {
        target.Answers = node => node != "n1" || target.LinksOf("n1").Count == 0;

        var (told, tally) = target.Play(FaultRunnerTests.Schedule(Fault(FaultType.Delay, "n1", 1, 2)));

        Assert.Empty(told);
        Assert.Equal("no node could be told of it", Assert.Single(tally.Missed).Because);
        Assert.Empty(target.LinksOf("n1"));
    }

    [Fact]
    public void A_node_that_never_answers_is_not_healed_and_the_run_says_so()
    {
        target.Answers = node => node != "n1";

        var refused = Assert.Throws<LabException>(() => target.Play(FaultRunnerTests.Schedule(Fault(FaultType.Loss, "all", 1, 2))));
        Assert.Contains("not every node could be told within 30 s", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(FaultType.Kill)]
    [InlineData(FaultType.PowerLoss)]
    [InlineData(FaultType.Pause)]
    [InlineData(FaultType.Leave)]
    [InlineData(FaultType.BitFlip)]
    [InlineData(FaultType.Disconnect)]
    [InlineData(FaultType.Cut)]
    [InlineData(FaultType.FullDisk)]
    public void A_run_that_is_stopped_in_the_middle_is_healed(FaultType kind)
    {
        using var stop = new CancellationTokenSource();

        var (told, _) = target.Play(FaultRunnerTests.Schedule(Fault(kind, "n1", 1, 50), Fault(FaultType.Kill, "n2", 10, 1)), at: 5, stopAt: stop);

        Assert.Equal(2, told.Count);
        Assert.StartsWith("5 ", told[1], StringComparison.Ordinal);
        AssertAllIsWell();
    }

    [Theory]
    [InlineData(FaultType.FailFsync)]
    [InlineData(FaultType.Kill)]
    public void A_node_that_could_not_be_started_again_is_tried_once_more_when_all_is_healed(FaultType kind)
    {
        target.Instead["start n1"] = static () => throw new LabException("the machine does not answer");

        target.PlayThrough(FaultRunnerTests.Schedule(Fault(kind, "n1,n2", 1, 2)));

        AssertAllIsWell();
    }

    [Fact]
    public void What_cannot_be_ended_keeps_nothing_else_from_it_and_is_told()
    {
        using var stop = new CancellationTokenSource();
        target.Instead["resume n1"] = Refuse;

        var refused = Assert.Throws<LabException>(() => target.Play(FaultRunnerTests.Schedule(Fault(FaultType.Pause, "n1", 1, 50), Fault(FaultType.Kill, "n2", 1.5, 50), Fault(FaultType.Cut, "n3", 2, 50)), at: 5, stopAt: stop));

        Assert.Equal("n1 cannot be reached", refused.Message);
        Assert.Equal(NodeLife.Running, target.Life("n2"));
        Assert.Empty(target.LinksOf("n3"));

        void Refuse()
        {
            target.Instead["resume n1"] = Refuse; // Each time anew.
            throw new LabException("n1 cannot be reached");
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Whatever_comes_between_the_blow_and_its_record_leaves_no_node_dead(bool stopped)
    {
        using var stop = new CancellationTokenSource();
        target.Instead["kill n2"] = () =>
        {
            target.Dies("n2");
            if (stopped)
            {
                stop.Cancel();
            }

            throw stopped ? new OperationCanceledException(stop.Token) : new LabException("the machine does not answer");
        };

        var (told, tally) = target.Play(FaultRunnerTests.Schedule(Fault(FaultType.Kill, "n2", 1, 0.1)), at: 40, stopAt: stop);

        Assert.Empty(told);
        Assert.Equal(stopped ? [] : ["the machine does not answer"], tally.Missed.Select(missed => missed.Because));
        AssertAllIsWell();
    }

    [Theory]
    [InlineData("pause", FaultType.Pause)]
    [InlineData("disconnect", FaultType.Disconnect)]
    public void A_run_that_is_stopped_while_nodes_are_struck_gives_back_those_that_were(string deed, FaultType kind)
    {
        using var stop = new CancellationTokenSource();
        target.Instead[$"{deed} n3"] = () =>
        {
            stop.Cancel();
            throw new OperationCanceledException(stop.Token);
        };

        var (told, _) = target.Play(FaultRunnerTests.Schedule(Fault(kind, "n1", 0.5, 50), Fault(kind, "n2,n3", 1, 50)), at: 40, stopAt: stop);

        Assert.Equal([$"0.5 {deed} n1"], told.Take(1));
        AssertAllIsWell();
    }

    [Fact]
    public void One_node_that_cannot_be_struck_does_not_save_the_others_nor_keep_them_down()
    {
        target.Instead["kill n2"] = static () => throw new LabException("n2 cannot be reached");

        var (told, tally) = target.Play(FaultRunnerTests.Schedule(Fault(FaultType.Kill, "all", 1, 2)));

        Assert.Equal(["1 kill n1,n3", "3 restart n1,n3 (kill)"], told);
        Assert.Empty(tally.Missed);
        AssertAllIsWell();
    }

    [Fact]
    public void A_node_that_did_not_come_back_from_its_restart_is_started_in_the_end()
    {
        target.Instead["start n1"] = static () => throw new LabException("its port is taken");

        var (_, tally) = target.Play(FaultRunnerTests.Schedule(Fault(FaultType.Restart, "n1", 1, 0.1)));

        Assert.Equal("its port is taken", Assert.Single(tally.Missed).Because);
        AssertAllIsWell();
    }

    [Fact]
    public void A_leave_that_was_given_up_is_ended_before_the_node_joins_again()
    {
        target.Instead["leave n3"] = static () => throw new LabException("n3 is leaving after 30 s, and goes on leaving");

        var (_, tally) = target.Play(FaultRunnerTests.Schedule(Fault(FaultType.Leave, "n3", 1, 0.1)));

        Assert.Equal("n3 is leaving after 30 s, and goes on leaving", Assert.Single(tally.Missed).Because);
        Assert.Equal(["1 leave n3", "1 leave n3", "1 rejoin n3"], target.Deeds);
        AssertAllIsWell();
    }

    [Theory]
    [InlineData(FaultType.Leave, "leave")]
    [InlineData(FaultType.Disconnect, "disconnect")]
    public void What_was_refused_once_is_tried_again_while_it_is_due(FaultType kind, string deed)
    {
        target.Instead[$"{deed} n3"] = static () => throw new LabException("no leader yet");

        var (told, tally) = target.Play(FaultRunnerTests.Schedule(Fault(kind, "n3", 1, 2)));

        Assert.Equal($"1.1 {deed} n3", told[0]);
        Assert.Empty(tally.Missed);
        AssertAllIsWell();
    }

    private static PlannedFault Fault(FaultType kind, string target, double start, double length) => FaultRunnerTests.Fault(kind, target, start, length);

    private void AssertAllIsWell() => Assert.All(target.NodeNames, node =>
    {
        Assert.Equal(NodeLife.Running, target.Life(node));
        Assert.False(target.IsOff(node));
        Assert.Empty(target.LinksOf(node));
        Assert.Equal(InsideFaults.None, target.InsideOf(node));
    });
}
