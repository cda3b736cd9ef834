using Cluster.Lab.Benchmarks;
using Cluster.Lab.Clocks;
using Cluster.Lab.Histories;

namespace Cluster.Lab.Workloads;

/// <summary>
/// When operations are due, for all clients of a workload together: in a closed loop at once, in an open one at the rate. Whoever is free takes the next arrival, so an arrival waits only
/// while every client is at work.
/// </summary>
internal sealed class Arrivals(WorkloadOptions options, HistoryClock clock, TimeProvider time, LatencyRecorder latencies)
{
    private readonly PacingSchedule? schedule = options.RatePerSecond is { } rate ? new PacingSchedule(rate, options.Processes) : null;
    private long start = -1;
    private long taken;

    /// <summary>Called once, before the first client begins.</summary>
    public void Start() => start = clock.Now;

    /// <summary>Waits for the next arrival, or for the wish to stop, and says when it was due, in nanoseconds on the history's clock.</summary>
    public async Task<long> NextAsync(CancellationToken stop)
    {
        if (schedule is null)
        {
            return clock.Now;
        }

        var due = start + schedule.DueNs(Interlocked.Increment(ref taken) - 1);
        var early = due - clock.Now;
        if (early > 0)
        {
            // Timers count whole milliseconds and cut off the rest; an operation before it is due would run ahead of its rate.
            await Pause.ForAsync(TimeSpan.FromMilliseconds(Math.Ceiling(early / 1e6)), time, stop).ConfigureAwait(false);
        }
        else if (early < 0)
        {
            latencies.RecordWait(-early);
        }

        return due;
    }

    /// <summary>Between two operations of a client.</summary>
    public Task PauseAsync(CancellationToken stop) => schedule is null ? Pause.ForAsync(options.Pause, time, stop) : Task.CompletedTask;
}
