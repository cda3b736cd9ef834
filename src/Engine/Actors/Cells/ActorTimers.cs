using Cluster.Engine.Port;

namespace Cluster.Engine.Actors.Cells;

/// <summary>An actor's timers on its system's clock. A tick travels through the mailbox as the timer itself, so that a cancelled one is known on arrival.</summary>
internal sealed class ActorTimers(ActorCell cell) : ITimers
{
    private readonly Dictionary<object, TimerTick> timers = [];

    public bool IsActive(object key) => timers.ContainsKey(key);

    public void StartSingle(object key, object message, TimeSpan delay)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(delay, TimeSpan.Zero);
        Start(key, message, delay, Timeout.InfiniteTimeSpan);
    }

    public void StartPeriodic(object key, object message, TimeSpan interval)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(interval, TimeSpan.Zero);
        Start(key, message, interval, interval);
    }

    public void Cancel(object key)
    {
        if (timers.Remove(key, out var timer))
        {
            timer.Cancel();
        }
    }

    public void CancelAll()
    {
        foreach (var timer in timers.Values)
        {
            timer.Cancel();
        }

        timers.Clear();
    }

    /// <summary>The message of a timer whose tick came out of the mailbox; null if that timer was cancelled meanwhile.</summary>
    public object? Arrived(TimerTick tick)
    {
        tick.Arrived();
        if (tick.IsCancelled)
        {
            return null;
        }

        if (!tick.IsPeriodic)
        {
            Cancel(tick.Key);
        }

        return tick.Message;
    }

    private void Start(object key, object message, TimeSpan due, TimeSpan period)
    {
        ArgumentNullException.ThrowIfNull(message);
        Cancel(key);
        var timer = new TimerTick(cell, key, message, period != Timeout.InfiniteTimeSpan);
        timers.Add(key, timer);
        timer.Start(due, period);
    }
}
