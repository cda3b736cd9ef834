namespace Cluster.Engine.Simulation;

/// <summary>
/// The machine beneath the disk has stopped: nothing that runs on it gets further. Not an <see cref="IOException"/> on purpose, so that no
/// error handling of the code under test goes on after its own death.
/// </summary>
public sealed class MemoryDiskStoppedException() : Exception("the simulated machine has stopped; crash the disk and open it again");
