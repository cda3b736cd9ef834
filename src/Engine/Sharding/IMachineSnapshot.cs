namespace Cluster.Engine.Sharding;

/// <summary>
/// A machine's state as it was when the snapshot was taken. Written by any one thread while the machine goes on; disposing tells the machine that it
/// need not keep that state apart any longer.
/// </summary>
internal interface IMachineSnapshot : IDisposable
{
    void WriteTo(Stream stream);
}
