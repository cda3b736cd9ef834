namespace Cluster.Engine.Simulation;

/// <summary>
/// A clock that moves only when told to. Timers fire on the caller's thread, in the order they are due and, within one instant, in the order
/// they were set; so a run on it is the same every time. One thread at a time.
/// </summary>
public sealed class VirtualTime(DateTimeOffset start) : TimeProvider
{
    private readonly TimerQueue<VirtualTimer> timers = new();
    private long now;
    private long sequence;

    /// <summary>Starts at midnight of 2000-01-01, UTC: any fixed instant will do.</summary>
    public VirtualTime()
        : this(new DateTimeOffset(2000, 1, 1, 0, 0, 0, TimeSpan.Zero))
    {
    }

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    /// <summary>How long until the next timer is due; null if none is set.</summary>
    public TimeSpan? NextDue
    {
        get
        {
            DropDead();
            return timers.Count == 0 ? null : TimeSpan.FromTicks(timers.First.Due - now);
        }
    }

    public override long GetTimestamp() => now;

    public override DateTimeOffset GetUtcNow() => start.AddTicks(now);

    /// <summary>Moves the clock on and fires what becomes due on the way, each timer at its own instant.</summary>
    /// <param name="settle">Called after each instant at which something fired, before time moves on: run the actors here.</param>
    public void Advance(TimeSpan by, Action? settle = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(by, TimeSpan.Zero);
        var until = now + by.Ticks;
        settle?.Invoke();
        while (AdvanceToNext(until))
        {
            settle?.Invoke();
        }
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        ArgumentNullException.ThrowIfNull(callback);
        var timer = new VirtualTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Moves the clock to the next instant at which a timer is due, and fires all that are due then. When none is due by that time, moves there, and returns false.</summary>
    internal bool AdvanceToNext(long until)
    {
        DropDead();
        if (timers.Count == 0 || timers.First.Due > until)
        {
            now = Math.Max(now, until);
            return false;
        }

        now = Math.Max(now, timers.First.Due);
        while (timers.Count > 0 && timers.First.Due <= now)
        {
            var (_, sequence, timer) = timers.First;
            timers.RemoveFirst();
            timer.Fire(sequence);
        }

        return true;
    }

    /// <summary>Timers that were stopped, or set anew, leave their old place behind.</summary>
    private void DropDead()
    {
        while (timers.Count > 0 && !timers.First.Item.IsSetFor(timers.First.Sequence))
        {
            timers.RemoveFirst();
        }
    }

    private sealed class VirtualTimer(VirtualTime time, TimerCallback callback, object? state) : ITimer
    {
        private long place = -1;
        private long period = -1;

        public bool IsSetFor(long asked) => place == asked;

        public void Fire(long asked)
        {
            if (place != asked)
            {
                return;
            }

            place = -1;
            if (period > 0)
            {
                Set(time.now + period);
            }

            callback(state);
        }

        public bool Change(TimeSpan dueTime, TimeSpan newPeriod)
        {
            place = -1;
            period = newPeriod.Ticks;
            if (dueTime >= TimeSpan.Zero)
            {
                Set(time.now + dueTime.Ticks);
            }

            return true;
        }

        public void Dispose() => Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }

        private void Set(long due)
        {
            place = time.sequence++;
            time.timers.Add(due, place, this);
        }
    }
}
