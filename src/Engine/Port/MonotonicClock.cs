namespace Cluster.Engine.Port;

/// <summary>The clock that never goes back: what deadlines, timeouts and leases are measured on. A process that was paused finds it advanced.</summary>
public static class MonotonicClock
{
    /// <summary>Time since an arbitrary origin that is the same for all who ask this provider.</summary>
    public static TimeSpan Elapsed(this TimeProvider time) => time.GetElapsedTime(0);
}
