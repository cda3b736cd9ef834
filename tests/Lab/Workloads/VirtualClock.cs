using System.Runtime.ExceptionServices;

namespace Cluster.Lab.Tests.Workloads;

/// <summary>A clock that jumps from timer to timer on the thread that pumps it, so that a run on it is the same every time.</summary>
internal sealed class VirtualClock : TimeProvider
{
    private readonly PriorityQueue<Timer, (long Due, long Sequence)> timers = new();
    private long now;
    private long sequence;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => now;

    public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch.AddTicks(now);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Fires timers until the task is done. All that runs, runs on one thread made for it, which has no scheduler that a continuation would be handed to.</summary>
    public void Run(Func<Task> start)
    {
        ExceptionDispatchInfo? failure = null;
        var thread = new Thread(() =>
        {
            try
            {
                Pump(start());
            }
            catch (Exception e)
            {
                failure = ExceptionDispatchInfo.Capture(e);
            }
        });
        thread.Start();
        thread.Join();
        failure?.Throw();
    }

    private void Pump(Task task)
    {
        while (!task.IsCompleted)
        {
            Assert.True(timers.TryDequeue(out var timer, out var place), "everybody waits, and no timer is set: something left this thread");
            timer.Fire(place);
        }

        task.GetAwaiter().GetResult();
    }

    private sealed class Timer(VirtualClock clock, TimerCallback callback, object? state) : ITimer
    {
        private long current = -1;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            Assert.True(period == Timeout.InfiniteTimeSpan || period == TimeSpan.Zero, "nothing here needs a timer that repeats");
            current = dueTime == Timeout.InfiniteTimeSpan ? -1 : ++clock.sequence;
            if (current >= 0)
            {
                clock.timers.Enqueue(this, (clock.now + dueTime.Ticks, current));
            }

            return true;
        }

        public void Fire((long Due, long Sequence) place)
        {
            if (place.Sequence == current)
            {
                clock.now = Math.Max(clock.now, place.Due);
                callback(state);
            }
        }

        public void Dispose() => current = -1;

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
