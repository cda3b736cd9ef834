namespace Cluster.Engine.Simulation;

/// <summary>Told what a <see cref="MemoryDisk"/> would keep if its machine lost power: what really became durable, whatever the disk says about it.</summary>
internal interface IDiskWitness
{
    /// <summary>A file was flushed, or the disk says so.</summary>
    void Flushed();

    /// <summary>A write became durable.</summary>
    /// <param name="file">The same object for the same file, under whatever name.</param>
    void Kept(string name, object file, long offset, ReadOnlySpan<byte> bytes);

    /// <summary>A name stands for a file, or for none, durably.</summary>
    void Named(string name, object? file);
}
