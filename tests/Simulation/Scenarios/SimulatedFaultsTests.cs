using Cluster.Engine.Simulation;
using Cluster.Lab.Checkers;
using Cluster.Lab.Schedules;
using Cluster.Shared.Http;
using Cluster.Shared.Scenarios;
using Cluster.Simulator.Runs;
using Cluster.Simulator.Stage;

namespace Cluster.Simulation.Tests.Scenarios;

/// <summary>A simulated node as a schedule breaks it behaves as a process does: what was wrong inside it is gone when it is started again.</summary>
public class SimulatedFaultsTests
{
    private readonly SimulatedCluster cluster = new(1, 3);

    [Fact]
    public async Task A_node_that_is_started_again_has_a_right_clock_and_a_right_disk()
    {
        var (node, usual) = (cluster.Nodes[0], cluster.Nodes[0].DiskLatency);
        var faults = Faults();
        await faults.SetInsideAsync("n1", new InsideFaults(new DiskFaultView(LatencyMs: 40, FailFlush: true, Full: true), new ClockFaultView(5_000, 0.5)), TestContext.Current.CancellationToken);
        Assert.Equal((0.5, TimeSpan.FromSeconds(5), usual + TimeSpan.FromMilliseconds(40)), (node.ClockRate, node.ClockOffset, node.DiskLatency));

        Assert.True(await faults.KillAsync("n1", losesUnflushed: true, TestContext.Current.CancellationToken));
        await faults.StartAsync("n1", TestContext.Current.CancellationToken);

        Assert.Equal((1.0, TimeSpan.Zero, usual), (node.ClockRate, node.ClockOffset, node.DiskLatency));
        Assert.Equal((false, null), (node.Disk.Faults.FailFlushes, node.Disk.Faults.FullAfterBytes));
        Assert.Equal(NodeLife.Running, await faults.LifeAsync("n1", TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Each_blow_says_whether_it_happened()
    {
        var faults = Faults();

        Assert.True(await faults.PauseAsync("n2", TestContext.Current.CancellationToken));
        Assert.Equal(NodeLife.Paused, await faults.LifeAsync("n2", TestContext.Current.CancellationToken));
        Assert.True(await faults.KillAsync("n2", losesUnflushed: false, TestContext.Current.CancellationToken));
        Assert.False(await faults.KillAsync("n2", losesUnflushed: false, TestContext.Current.CancellationToken));
        Assert.False(await faults.PauseAsync("n2", TestContext.Current.CancellationToken));
        Assert.False(await faults.ResumeAsync("n2", TestContext.Current.CancellationToken));
        Assert.Equal(NodeLife.Dead, await faults.LifeAsync("n2", TestContext.Current.CancellationToken));
    }

    [Fact]
    public void A_node_that_leaves_and_joins_as_a_new_one_owes_nothing_of_what_its_disk_had_kept()
    {
        var order = new SimulationOrder(["shared-nothing"], 3) { Seconds = 12 };
        var plan = Seeds.Plan(order) with { Schedule = new FaultSchedule([new PlannedFault(FaultType.Leave, "n2", TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(4))]), IsScheduleGiven = true };

        var outcome = Seeds.OnThread(() => SeedRun.Play(plan, []))();

        Assert.True(outcome.Verdict.Verdict == Verdict.Holds, Seeds.Failure(order, outcome));
        Assert.Equal(1, outcome.Finding.Faults.Happened[FaultType.Leave]);
    }

    [Fact]
    public void A_node_whose_log_is_damaged_refuses_to_start_and_is_replaced_by_a_new_member()
    {
        var order = new SimulationOrder(["shared-nothing"], 4) { Seconds = 12 };
        var plan = Seeds.Plan(order) with { Schedule = new FaultSchedule([new PlannedFault(FaultType.BitFlip, "n2", TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(3))]), IsScheduleGiven = true };

        var outcome = Seeds.OnThread(() => SeedRun.Play(plan, []))();

        Assert.True(outcome.Verdict.Verdict == Verdict.Holds, Seeds.Failure(order, outcome));
        Assert.Equal(1, outcome.Finding.Faults.Happened[FaultType.BitFlip]);
        Assert.Equal(1, outcome.Trace.Faults["bit flip"]);
    }

    [Theory]
    [InlineData(12)]
    [InlineData(13)]
    public void A_new_member_whose_disk_is_full_waits_for_room_before_it_acts_as_one(int seed)
    {
        var order = new SimulationOrder(["shared-nothing"], seed) { Seconds = 15 };

        var outcome = Seeds.OnThread(() => SeedRun.Play(Seeds.Plan(order), []))();

        Assert.Contains(FaultType.BitFlip, outcome.Finding.Faults.Happened.Keys);
        Assert.Contains(FaultType.FullDisk, outcome.Finding.Faults.Happened.Keys);
        Assert.True(outcome.Verdict.Verdict == Verdict.Holds, Seeds.Failure(order, outcome));
    }

    [Fact]
    public void A_cluster_whose_disks_are_full_when_it_would_form_waits_for_room_and_ends_no_node()
    {
        cluster.StartAll();
        foreach (var node in cluster.Nodes)
        {
            node.Disk.Faults.FullAfterBytes = 0;
        }

        cluster.Run(TimeSpan.FromSeconds(10));

        Assert.All(cluster.Nodes, node => Assert.True(node.IsRunning, $"{node.Name} has ended: {node.Fatal}"));
        Assert.Contains(cluster.Nodes, node => node.Said.Exists(said => said.Words.Contains("cannot write that down", StringComparison.Ordinal)));
        foreach (var node in cluster.Nodes)
        {
            node.Disk.Faults.FullAfterBytes = null;
        }

        cluster.RunUntil(() => cluster.Nodes.All(node => node.Engine.View.NotReadyBecause is null), TimeSpan.FromSeconds(30), () => "all nodes ready");
    }

    private SimulatedFaults Faults()
    {
        cluster.StartAll();
        return new SimulatedFaults(cluster, new EngineCalls());
    }
}
