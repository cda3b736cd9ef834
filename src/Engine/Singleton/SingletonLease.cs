namespace Cluster.Engine.Singleton;

/// <summary>Until when one life of a singleton may act, on its node's monotonic clock. Written by the node's manager, read from any thread.</summary>
internal sealed class SingletonLease
{
    private long untilTicks;

    public TimeSpan Until
    {
        get => TimeSpan.FromTicks(Volatile.Read(ref untilTicks));
        set => Volatile.Write(ref untilTicks, value.Ticks);
    }

    public bool Holds(TimeSpan now) => now < Until;
}
