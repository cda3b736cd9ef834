namespace Cluster.Engine.Remoting.Tcp;

/// <summary>Numbers the dials of one transport, from 1. Shared by all links, so that a link that is forgotten and made again never uses a number twice.</summary>
internal sealed class DialNumbers
{
    private uint last;

    public uint Next() => Interlocked.Increment(ref last);
}
