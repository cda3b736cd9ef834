using Cluster.Engine.Port;

namespace Cluster.Engine.Actors.Cells;

/// <summary>
/// Notices that an actor received nothing for a while. Messages only leave a mark; the clock is read once a mailbox run, and the timer
/// that finds a mark waits for the rest.
/// </summary>
internal sealed class IdleTimer : IRuntimeMessage
{
    private readonly ActorCell cell;
    private readonly TimeSpan span;
    private readonly ITimer timer;
    private long lastMessageAt;
    private bool touched;

    public IdleTimer(ActorCell cell, TimeSpan span)
    {
        this.cell = cell;
        this.span = span;
        lastMessageAt = Time.GetTimestamp();
        timer = Time.CreateTimer(static self => ((IdleTimer)self!).Fire(), this, span, Timeout.InfiniteTimeSpan);
    }

    private TimeProvider Time => cell.OwnSystem.Time;

    public void Touch() => touched = true;

    public void EndRun()
    {
        if (touched)
        {
            touched = false;
            lastMessageAt = Time.GetTimestamp();
        }
    }

    /// <summary>The timer's tick came out of the mailbox: whether the actor was idle for the whole span. Waits on either way.</summary>
    public bool Arrived()
    {
        EndRun();
        var left = span - Time.GetElapsedTime(lastMessageAt);
        var idle = left <= TimeSpan.Zero;
        if (idle)
        {
            lastMessageAt = Time.GetTimestamp();
            left = span;
        }

        timer.Change(left, Timeout.InfiniteTimeSpan);
        return idle;
    }

    public void Cancel() => timer.Dispose();

    private void Fire() => cell.PostToSelf(this);
}
