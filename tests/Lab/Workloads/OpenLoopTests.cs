using Cluster.Lab.Histories;
using Cluster.Lab.Workloads;

namespace Cluster.Lab.Tests.Workloads;

/// <summary>Operations that start on schedule, whatever the answers.</summary>
public class OpenLoopTests
{
    private static readonly TimeSpan Time = TimeSpan.FromSeconds(4);

    [Fact]
    public void As_many_operations_start_as_are_due()
    {
        var (workload, history) = Run(new WorkloadOptions { Processes = 10, RatePerSecond = 500 }, stall: TimeSpan.Zero);

        Assert.InRange(history.Operations.Count, 1_990, 2_011);
        Assert.InRange(workload.Latency.Max, TimeSpan.FromMilliseconds(2), TimeSpan.FromMilliseconds(20));
    }

    [Fact]
    public void A_store_that_stalls_is_charged_for_every_operation_that_was_due_meanwhile()
    {
        var stall = TimeSpan.FromSeconds(1);

        var (workload, history) = Run(new WorkloadOptions { Processes = 10, RatePerSecond = 500 }, stall);

        // All of them were made up for, and those of the stall, a quarter of all, waited half of it on average.
        Assert.InRange(history.Operations.Count, 1_990, 2_011);
        Assert.InRange(workload.Latency.Waited, 450, 1_200);
        Assert.InRange(workload.Latency.LongestWait, stall * 0.9, stall * 1.1);
        Assert.InRange(workload.Latency.P99, stall * 0.8, stall * 1.1);
        Assert.InRange(workload.Latency.Median, TimeSpan.Zero, stall / 4);
    }

    [Fact]
    public void A_closed_loop_waits_for_its_answers_and_hides_the_stall_from_the_median()
    {
        var (workload, _) = Run(new WorkloadOptions { Processes = 10 }, TimeSpan.FromSeconds(1));

        Assert.Equal(0, workload.Latency.Waited);
        Assert.InRange(workload.Latency.P99, TimeSpan.Zero, TimeSpan.FromMilliseconds(50));
        Assert.InRange(workload.Latency.Max, TimeSpan.FromSeconds(0.9), TimeSpan.FromSeconds(1.1));
    }

    private static (Workload Workload, History History) Run(WorkloadOptions options, TimeSpan stall)
    {
        var clock = new VirtualClock();
        var store = new FakeStore(clock);
        var recorder = new HistoryRecorder();
        var workload = new Workload(WorkloadCatalog.Kv, options, client => new FakeSession(store, client, clock, lostPercent: 0), recorder, new HistoryClock(clock), clock);
        using var stop = new CancellationTokenSource();
        clock.Run(async () =>
        {
            var running = workload.RunAsync(stop.Token);
            await Task.Delay(Time / 4, clock).ConfigureAwait(false);
            store.StalledUntil = clock.GetTimestamp() + stall.Ticks;
            await Task.Delay(Time * 3 / 4, clock).ConfigureAwait(false);
#pragma warning disable CA1849 // The asynchronous way would leave this thread.
            stop.Cancel();
#pragma warning restore CA1849
            await running.ConfigureAwait(false);
        });
        return (workload, recorder.ToHistory());
    }
}
