namespace Cluster.Engine.Simulation;

/// <summary>
/// One process's view of virtual time. Its clock may run fast or slow, and change its rate on the way, yet never goes back; what it says of the time of day may be
/// off by any offset. While the process is paused its timers do not fire; they fire, late and in order, when it goes on. A dead process's timers never fire.
/// </summary>
internal sealed class NodeClock : TimeProvider
{
    private readonly VirtualTime time;
    private readonly TimerQueue<Timer> timers = new();

    /// <summary>Set for the first of the timers above.</summary>
    private readonly ITimer alarm;
    private double rate;
    private long ownAtChange;
    private long trueAtChange;
    private long sequence;
    private long alarmFor = long.MaxValue;
    private bool paused;
    private bool dead;

    public NodeClock(VirtualTime time, double rate, TimeSpan offset)
    {
        (this.time, this.rate, Offset) = (time, rate, offset);
        ownAtChange = (long)(time.GetTimestamp() * rate); // As if it had always run so: clocks that differ have differed for a while.
        trueAtChange = time.GetTimestamp();
        alarm = time.CreateTimer(static clock => ((NodeClock)clock!).Ring(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    /// <summary>How far the time of day is off.</summary>
    public TimeSpan Offset { get; set; }

    /// <summary>How fast the clock runs from now on; 1 is right.</summary>
    public double Rate
    {
        get => rate;
        set
        {
            (ownAtChange, trueAtChange, rate) = (GetTimestamp(), time.GetTimestamp(), value);
            alarmFor = long.MaxValue;
            SetAlarm();
        }
    }

    public override long GetTimestamp() => ownAtChange + (long)((time.GetTimestamp() - trueAtChange) * rate);

    public override DateTimeOffset GetUtcNow() => time.GetUtcNow() + Offset;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    public void Pause() => paused = true;

    public void Resume()
    {
        paused = false;
        Ring();
    }

    public void Die()
    {
        dead = true;
        alarm.Dispose();
    }

    private void Ring()
    {
        alarmFor = long.MaxValue;
        while (!dead && !paused && timers.Count > 0 && timers.First.Due <= GetTimestamp())
        {
            var (_, place, timer) = timers.First;
            timers.RemoveFirst();
            timer.Fire(place);
        }

        SetAlarm();
    }

    private void SetAlarm()
    {
        while (timers.Count > 0 && !timers.First.Item.IsSetFor(timers.First.Sequence))
        {
            timers.RemoveFirst();
        }

        if (!dead && !paused && timers.Count > 0 && timers.First.Due < alarmFor)
        {
            alarmFor = timers.First.Due;

            // Rounded up: an alarm that rings early would have to be set again.
            var wait = Math.Max(0, Math.Ceiling((alarmFor - ownAtChange) / rate) - (time.GetTimestamp() - trueAtChange));
            alarm.Change(TimeSpan.FromTicks((long)wait), Timeout.InfiniteTimeSpan);
        }
    }

    private sealed class Timer(NodeClock clock, TimerCallback callback, object? state) : ITimer
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
                Set(clock.GetTimestamp() + period);
            }

            callback(state);
        }

        public bool Change(TimeSpan dueTime, TimeSpan newPeriod)
        {
            place = -1;
            period = newPeriod.Ticks;
            if (dueTime >= TimeSpan.Zero)
            {
                Set(clock.GetTimestamp() + dueTime.Ticks);
                clock.SetAlarm();
            }

            return true;
        }

        public void Dispose() => place = -1;

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }

        private void Set(long due)
        {
            place = clock.sequence++;
            clock.timers.Add(due, place, this);
        }
    }
}
