using System.Collections.Concurrent;
using Cluster.Engine.Simulation;

namespace Cluster.Engine.Tests.Storage;

/// <summary>Virtual time for a test whose disk waits on another thread. Timers fire where the clock is moved, and outside the lock: what they call takes locks of its own.</summary>
internal sealed class GuardedTime : TimeProvider
{
    private readonly VirtualTime inner = new();
    private readonly Lock gate = new();
    private readonly ConcurrentQueue<Action> fired = new();

    public override long TimestampFrequency => inner.TimestampFrequency;

    /// <inheritdoc cref="VirtualTime.NextDue"/>
    public TimeSpan? NextDue
    {
        get
        {
            lock (gate)
            {
                return inner.NextDue;
            }
        }
    }

    public override long GetTimestamp()
    {
        lock (gate)
        {
            return inner.GetTimestamp();
        }
    }

    public void Advance(TimeSpan by)
    {
        lock (gate)
        {
            inner.Advance(by);
        }

        while (fired.TryDequeue(out var callback))
        {
            callback();
        }
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        lock (gate)
        {
            return new GuardedTimer(inner.CreateTimer(_ => fired.Enqueue(() => callback(state)), null, dueTime, period), gate);
        }
    }

    private sealed class GuardedTimer(ITimer timer, Lock gate) : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (gate)
            {
                return timer.Change(dueTime, period);
            }
        }

        public void Dispose()
        {
            lock (gate)
            {
                timer.Dispose();
            }
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return default;
        }
    }
}
