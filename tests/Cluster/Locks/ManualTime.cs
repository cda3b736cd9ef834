namespace Cluster.Cluster.Tests.Locks;

/// <summary>Time that passes when a test says so; what is due happens on the test's own thread.</summary>
internal sealed class ManualTime : TimeProvider
{
    private readonly List<Due> due = [];

    public TimeSpan Now { get; private set; }

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => Now.Ticks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Due(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Lets time pass, from one timer that is due to the next.</summary>
    public void Pass(TimeSpan span)
    {
        var end = Now + span;
        while (due.Where(timer => timer.At <= end).MinBy(timer => timer.At) is { } next)
        {
            Now = next.At > Now ? next.At : Now;
            due.Remove(next);
            next.Ring();
        }

        Now = end;
    }

    /// <summary>Lets time pass as it does for a process that is stopped: what was due meanwhile happens at its end.</summary>
    public void Jump(TimeSpan span)
    {
        Now += span;
        Pass(TimeSpan.Zero);
    }

    private sealed class Due(ManualTime time, TimerCallback callback, object? state) : ITimer
    {
        public TimeSpan At { get; private set; }

        public void Ring() => callback(state);

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            time.due.Remove(this);
            if (dueTime != Timeout.InfiniteTimeSpan)
            {
                At = time.Now + dueTime;
                time.due.Add(this);
            }

            return true;
        }

        public void Dispose() => time.due.Remove(this);

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
