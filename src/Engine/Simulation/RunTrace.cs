using Cluster.Engine.Remoting;

namespace Cluster.Engine.Simulation;

/// <summary>
/// What a simulated run is known by: one hash over every message as it arrives, every flush of a disk with what it kept, and every start and end of a process,
/// each at its virtual time; and counts of what happened. The same seed and the same calls give the same hash, in any process on any machine.
/// </summary>
public sealed class RunTrace
{
    private readonly VirtualTime time;
    private readonly SortedDictionary<string, long> faults = new(StringComparer.Ordinal);
    private TraceHash hash;

    internal RunTrace(VirtualTime time) => this.time = time;

    public ulong Hash => hash.Value;

    /// <summary>Frames that arrived.</summary>
    public long Messages { get; private set; }

    /// <summary>Their payloads together.</summary>
    public long MessageBytes { get; private set; }

    /// <summary>Flushes of files, on all disks.</summary>
    public long Flushes { get; private set; }

    /// <summary>What was done to the cluster and what came of it, by kind and in words: kills, losses of power, frames lost or late, operations that a disk refused.</summary>
    public IReadOnlyDictionary<string, long> Faults => faults;

    internal void Delivered(ulong from, ulong to, Channel channel, ReadOnlySpan<byte> payload)
    {
        Messages++;
        MessageBytes += payload.Length;
        hash.Add((ulong)time.GetTimestamp());
        hash.Add(from);
        hash.Add((to << 8) | (ulong)channel);
        hash.Add(payload);
    }

    internal void Flushed(ulong node)
    {
        Flushes++;
        hash.Add((ulong)time.GetTimestamp());
        hash.Add(node);
    }

    internal void Kept(ReadOnlySpan<byte> bytes) => hash.Add(bytes);

    /// <summary>Something was done to a node.</summary>
    internal void Happened(string kind, ulong node)
    {
        Count(kind);
        hash.Add((ulong)time.GetTimestamp());
        hash.Add(node);
        hash.Add((ulong)kind.Length);
    }

    internal void Count(string kind, long times = 1)
    {
        if (times > 0)
        {
            faults[kind] = faults.GetValueOrDefault(kind) + times;
        }
    }
}
