namespace Cluster.Node.Subscribers;

/// <summary>A message that waits for clients: one object for all that hear it by one filter, so its bytes count once for the node, and for each client that is behind by it.</summary>
internal sealed class WaitingMessage(int bytes)
{
    private int holders;

    public int Bytes => bytes;

    /// <summary>It waits for one client more.</summary>
    /// <returns>Bytes that the node holds more.</returns>
    public int Hold() => Interlocked.Increment(ref holders) == 1 ? bytes : 0;

    /// <summary>It waits for one client less.</summary>
    /// <returns>Bytes that the node holds less.</returns>
    public int Release() => Interlocked.Decrement(ref holders) == 0 ? bytes : 0;
}
