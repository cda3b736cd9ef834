namespace Cluster.Engine.Simulation;

/// <summary>
/// One process's view of virtual time: its clock may run fast or slow by a bounded rate, and while the process is paused its timers do not fire; they fire, late
/// and in order, when it goes on. A dead process's timers never fire.
/// </summary>
internal sealed class NodeClock(VirtualTime time, double rate) : TimeProvider
{
    private readonly Queue<Action> late = new();
    private bool paused;
    private bool dead;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    public override long GetTimestamp() => (long)(time.GetTimestamp() * rate);

    public override DateTimeOffset GetUtcNow() => time.GetUtcNow();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        new Timer(this, time.CreateTimer(passed => Fire(callback, passed), state, Stretched(dueTime), Stretched(period)));

    public void Pause() => paused = true;

    public void Resume()
    {
        paused = false;
        while (!dead && late.TryDequeue(out var fire))
        {
            fire();
        }
    }

    public void Die() => dead = true;

    private void Fire(TimerCallback callback, object? state)
    {
        if (dead)
        {
            return;
        }

        if (paused)
        {
            late.Enqueue(() => callback(state));
            return;
        }

        callback(state);
    }

    private TimeSpan Stretched(TimeSpan own) => own > TimeSpan.Zero ? own / rate : own;

    private sealed class Timer(NodeClock clock, ITimer inner) : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => inner.Change(clock.Stretched(dueTime), clock.Stretched(period));

        public void Dispose() => inner.Dispose();

        public ValueTask DisposeAsync() => inner.DisposeAsync();
    }
}
