namespace Cluster.Engine.Port;

/// <summary>What one life of a singleton is told.</summary>
/// <param name="Name">Of the singleton.</param>
/// <param name="Epoch">Grows with each move: what it writes elsewhere should carry it, so that a late write of an older life can be told and refused.</param>
/// <param name="MayActNow">Whether its lease holds at this moment.</param>
public sealed record SingletonContext(string Name, ulong Epoch, Func<bool> MayActNow)
{
    /// <summary>
    /// Whether this life may still act. It is stopped soon after its lease ends, but a message in hand may outlast it, as may a pause of the process: what
    /// must not happen twice asks here at the last moment.
    /// </summary>
    public bool MayAct => MayActNow();
}
