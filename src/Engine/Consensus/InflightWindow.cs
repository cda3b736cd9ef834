namespace Cluster.Engine.Consensus;

/// <summary>
/// The appends that a peer has not answered: a leader sends on while count and bytes are within bounds. One append always fits when nothing is
/// under way, however large.
/// </summary>
internal sealed class InflightWindow(int maxAppends, int maxBytes)
{
    private readonly (LogIndex Last, int Bytes)[] ring = new (LogIndex, int)[maxAppends];
    private int head;
    private int count;
    private long bytes;

    public int Count => count;

    public bool IsFull => count == ring.Length || bytes >= maxBytes;

    public void Add(LogIndex last, int appendBytes)
    {
        ring[(head + count) % ring.Length] = (last, appendBytes);
        count++;
        bytes += appendBytes;
    }

    /// <summary>The peer has everything up to that index.</summary>
    public void FreeThrough(LogIndex match)
    {
        while (count > 0 && ring[head].Last <= match)
        {
            bytes -= ring[head].Bytes;
            head = (head + 1) % ring.Length;
            count--;
        }
    }

    public void Clear() => (head, count, bytes) = (0, 0, 0);
}
