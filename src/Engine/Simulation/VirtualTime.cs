namespace Cluster.Engine.Simulation;

/// <summary>
/// A clock that moves only when told to. Timers fire on the caller's thread, in the order they are due and, within one instant, in the order
/// they were set; so a run on it is the same every time.
/// </summary>
public sealed class VirtualTime(DateTimeOffset start) : TimeProvider
{
    private readonly PriorityQueue<VirtualTimer, (long Due, long Sequence)> timers = new();
    private readonly Lock gate = new();
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
            lock (gate)
            {
                return PeekLive(out var due) is null ? null : TimeSpan.FromTicks(due - now);
            }
        }
    }

    public override long GetTimestamp() => Volatile.Read(ref now);

    public override DateTimeOffset GetUtcNow() => start.AddTicks(GetTimestamp());

    /// <summary>Moves the clock on and fires what becomes due on the way, each timer at its own instant.</summary>
    /// <param name="settle">Called after each instant at which something fired, before time moves on: run the actors here.</param>
    public void Advance(TimeSpan by, Action? settle = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(by, TimeSpan.Zero);
        var until = GetTimestamp() + by.Ticks;
        settle?.Invoke();
        while (FireNextInstant(until))
        {
            settle?.Invoke();
        }

        Volatile.Write(ref now, until);
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        ArgumentNullException.ThrowIfNull(callback);
        var timer = new VirtualTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    private bool FireNextInstant(long until)
    {
        var fired = false;
        while (TakeDue(fired ? now : until) is { } timer)
        {
            fired = true;
            timer.Fire();
        }

        return fired;
    }

    private VirtualTimer? TakeDue(long until)
    {
        lock (gate)
        {
            if (PeekLive(out var due) is not { } timer || due > until)
            {
                return null;
            }

            timers.Dequeue();
            Volatile.Write(ref now, Math.Max(now, due));
            timer.Taken(now);
            return timer;
        }
    }

    private VirtualTimer? PeekLive(out long due)
    {
        while (timers.TryPeek(out var timer, out var place))
        {
            due = place.Due;
            if (timer.IsSetFor(place.Sequence))
            {
                return timer;
            }

            timers.Dequeue();
        }

        due = 0;
        return null;
    }

    private sealed class VirtualTimer(VirtualTime time, TimerCallback callback, object? state) : ITimer
    {
        private long place = -1;
        private long period = -1;

        public bool IsSetFor(long asked) => place == asked;

        public void Fire() => callback(state);

        public void Taken(long at)
        {
            place = -1;
            if (period > 0)
            {
                Set(at + period);
            }
        }

        public bool Change(TimeSpan dueTime, TimeSpan newPeriod)
        {
            lock (time.gate)
            {
                place = -1;
                period = newPeriod.Ticks;
                if (dueTime >= TimeSpan.Zero)
                {
                    Set(time.now + dueTime.Ticks);
                }
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
            time.timers.Enqueue(this, (due, place));
        }
    }
}
