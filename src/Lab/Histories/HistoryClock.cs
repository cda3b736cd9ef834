namespace Cluster.Lab.Histories;

/// <summary>The one clock of a history: nanoseconds since it was made, monotonic.</summary>
public sealed class HistoryClock(TimeProvider time)
{
    private readonly long start = time.GetTimestamp();

    /// <summary>When the history began, in nanoseconds of the machine's monotonic clock: what turns a node's times into the history's.</summary>
    public long Beginning => (long)(start * (1_000_000_000.0 / time.TimestampFrequency));

    /// <summary>Nanoseconds since the history began.</summary>
    public long Now => (long)(time.GetElapsedTime(start).Ticks * (1_000_000.0 / TimeSpan.TicksPerMillisecond));
}
