using Cluster.Shared.Http;

namespace Cluster.Engine.Storage.Faults;

/// <summary>The faults that are set now, and the waits that they ask for. Setting others ends every wait that is under way: a healed disk is quick at once.</summary>
internal sealed class FaultSwitch(TimeProvider time, Random random)
{
    private readonly object gate = new();
    private volatile DiskFaultView current = DiskFaultView.None;
    private long changes;

    public DiskFaultView Current => current;

    public void Set(DiskFaultView faults)
    {
        lock (gate)
        {
            current = faults;
            changes++;
            Monitor.PulseAll(gate);
        }
    }

    public void BeforeFlush() => Wait(current.LatencyMs);

    public void BeforeWrite() => Wait(current.WriteLatencyMs);

    /// <summary>A number from 0 to below <paramref name="bound"/>.</summary>
    public int Choose(int bound)
    {
        lock (gate)
        {
            return random.Next(bound);
        }
    }

    /// <summary>Blocks the calling thread, as a slow disk does. A disk that is not slow has no jitter either.</summary>
    private void Wait(int milliseconds)
    {
        if (milliseconds == 0)
        {
            return;
        }

        var isOver = false;
        lock (gate)
        {
            var set = changes;
            var delay = TimeSpan.FromMilliseconds(milliseconds + (current.JitterMs * random.NextDouble()));
            using var timer = time.CreateTimer(
                _ =>
                {
                    lock (gate)
                    {
                        isOver = true;
                        Monitor.PulseAll(gate);
                    }
                },
                null,
                delay,
                Timeout.InfiniteTimeSpan);
            while (!isOver && changes == set)
            {
                Monitor.Wait(gate);
            }
        }
    }
}
