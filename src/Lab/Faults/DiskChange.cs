using Cluster.Shared.Http;

namespace Cluster.Lab.Faults;

/// <summary>What to change about a node's disk; null leaves a part as it is, so that faults add up.</summary>
public sealed record DiskChange(
    int? LatencyMs = null,
    int? WriteLatencyMs = null,
    int? JitterMs = null,
    bool? FailFlush = null,
    bool? FailWrites = null,
    bool? Full = null,
    bool? LoseUnsynced = null,
    bool? Torn = null)
{
    public bool IsEmpty => this == new DiskChange();

    public DiskFaultView ApplyTo(DiskFaultView before)
    {
        // Who tears what is held wants it held; who holds nothing any more has nothing to tear; and without latency there is no jitter.
        var loses = LoseUnsynced ?? (Torn == true || before.LoseUnsynced);
        var (latency, writeLatency) = (LatencyMs ?? before.LatencyMs, WriteLatencyMs ?? before.WriteLatencyMs);
        return new DiskFaultView(
            latency,
            writeLatency,
            JitterMs ?? (latency + writeLatency > 0 ? before.JitterMs : 0),
            FailFlush ?? before.FailFlush,
            FailWrites ?? before.FailWrites,
            Full ?? before.Full,
            loses,
            Torn ?? (loses && before.Torn));
    }
}
