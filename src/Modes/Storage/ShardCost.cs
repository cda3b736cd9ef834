namespace Cluster.Modes.Storage;

/// <summary>What an operation of a Raft-replicated shard costs, for the modes that keep their keys on the engine's shards.</summary>
internal static class ShardCost
{
    /// <summary>Replicas of a shard, on as many nodes or more.</summary>
    private const int Copies = 3;

    /// <summary>
    /// The node that is asked leads one shard in as many as there are nodes; else a request goes to the leader, and a reply back. A write is appended at each follower, and acknowledged by it (Raft 5.3); a linearizable
    /// read makes the leader ask each follower for a confirmation that it still leads (Ongaro's thesis, 6.4).
    /// </summary>
    /// <param name="besides">What reads at other settings of the dial cost, in words.</param>
    public static MessageCost Of(int nodes, string besides)
    {
        var (forward, followers) = (2.0 * (nodes - 1) / nodes, Math.Min(Copies, nodes) - 1);
        return new MessageCost(forward + (2 * followers), forward + (2 * followers), "to the leader and back, and a round with each follower: an append for a write, a confirmation for a linearizable read; " + besides);
    }
}
