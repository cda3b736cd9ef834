using Cluster.Lab.Benchmarks;

namespace Cluster.Lab.Workloads;

/// <summary>Latencies and waits of all clients of a workload.</summary>
internal sealed class LatencyRecorder
{
    private readonly Lock gate = new();
    private readonly LatencyHistogram latencies = new();
    private long waited;
    private long longestWaitNs;

    public void Record(long nanoseconds)
    {
        lock (gate)
        {
            latencies.Record(nanoseconds);
        }
    }

    public void RecordWait(long nanoseconds)
    {
        lock (gate)
        {
            waited++;
            longestWaitNs = Math.Max(longestWaitNs, nanoseconds);
        }
    }

    public WorkloadLatency Snapshot()
    {
        lock (gate)
        {
            return latencies.Count == 0
                ? new WorkloadLatency(0, default, default, default, waited, Span(longestWaitNs))
                : new WorkloadLatency(latencies.Count, Span(latencies.PercentileNs(50)), Span(latencies.PercentileNs(99)), Span(latencies.MaxNs), waited, Span(longestWaitNs));
        }
    }

    private static TimeSpan Span(long nanoseconds) => TimeSpan.FromTicks(nanoseconds / TimeSpan.NanosecondsPerTick);
}
