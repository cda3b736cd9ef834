using Cluster.Engine.Simulation.Safety;

namespace Cluster.Engine.Simulation;

/// <summary>What one node's disk keeps, told to the judge of the run and written into its trace.</summary>
internal sealed class NodeDiskWitness(DurableLog log, RunTrace trace, ulong node) : IDiskWitness
{
    public void Flushed() => trace.Flushed(node);

    public void Kept(string name, object file, long offset, ReadOnlySpan<byte> bytes)
    {
        trace.Kept(bytes);
        log.Kept(name, file, offset, bytes);
    }

    public void Named(string name, object? file) => log.Named(name, file);
}
