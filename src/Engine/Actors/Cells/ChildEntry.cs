using Cluster.Engine.Port;

namespace Cluster.Engine.Actors.Cells;

/// <summary>What a parent remembers of one child: whether it is stopping, and its restarts within the supervision window.</summary>
internal sealed class ChildEntry(LocalRef child)
{
    private int restarts;
    private long windowStart;

    public LocalRef Ref { get; } = child;

    public bool IsStopping { get; set; }

    /// <summary>Counts one more restart, if the strategy grants it. A window begins with the first restart after the last one ran out.</summary>
    public bool MayRestart(SupervisorStrategy strategy, TimeProvider time)
    {
        if (strategy.MaxRestarts < 0)
        {
            return true;
        }

        var now = time.GetTimestamp();
        var windowed = strategy.Within != Timeout.InfiniteTimeSpan;
        if (restarts == 0 || (windowed && time.GetElapsedTime(windowStart, now) > strategy.Within))
        {
            windowStart = now;
            restarts = 0;
        }

        return ++restarts <= strategy.MaxRestarts;
    }
}
