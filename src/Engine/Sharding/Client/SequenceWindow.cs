namespace Cluster.Engine.Sharding.Client;

/// <summary>
/// Hands out a session's sequence numbers for one shard and knows below which every one has been answered, so that the shard can forget those replies
/// (Ongaro's thesis, 6.3). Bounded: a number is only handed out while fewer than <see cref="Capacity"/> lie between the oldest open one and it.
/// </summary>
internal sealed class SequenceWindow
{
    /// <summary>Open and closed numbers kept above the oldest open one. Below what a shard remembers for one session (1,024), so that no open reply is forgotten.</summary>
    public const int Capacity = 1_000;

    private readonly bool[] closed = new bool[Capacity];
    private ulong next = 1;

    /// <summary>Every number below this one has been closed.</summary>
    public ulong AcknowledgedBelow { get; private set; } = 1;

    /// <summary>Opens the next number; false when the window is full.</summary>
    public bool TryOpen(out ulong sequence)
    {
        sequence = next;
        if (next - AcknowledgedBelow >= Capacity)
        {
            return false;
        }

        closed[next % Capacity] = false;
        next++;
        return true;
    }

    /// <summary>The caller has its answer, or has given up for good: this number is never sent again.</summary>
    public void Close(ulong sequence)
    {
        closed[sequence % Capacity] = true;
        while (AcknowledgedBelow < next && closed[AcknowledgedBelow % Capacity])
        {
            AcknowledgedBelow++;
        }
    }
}
