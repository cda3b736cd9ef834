using Cluster.Engine.Port;

namespace Cluster.Engine.Actors.Cells;

/// <summary>One started timer. It is its own mailbox message, and waits there at most once at a time: a slow actor is not flooded by its own clock.</summary>
internal sealed class TimerTick(ActorCell cell, object key, object message, bool isPeriodic) : IRuntimeMessage
{
    private ITimer? timer;
    private int waiting;

    public object Key { get; } = key;

    public object Message { get; } = message;

    public bool IsPeriodic { get; } = isPeriodic;

    public bool IsCancelled { get; private set; }

    public void Start(TimeSpan due, TimeSpan period) =>
        timer = cell.OwnSystem.Time.CreateTimer(static tick => ((TimerTick)tick!).Fire(), this, due, period);

    public void Cancel()
    {
        IsCancelled = true;
        timer?.Dispose();
    }

    public void Arrived() => Volatile.Write(ref waiting, 0);

    private void Fire()
    {
        if (Interlocked.Exchange(ref waiting, 1) == 0)
        {
            cell.PostToSelf(this);
        }
    }
}
