using Cluster.Shared.Ids;

namespace Cluster.Engine.Sharding.Client;

/// <summary>
/// Which node leads each shard, as far as this node knows: a hint for routing, never a proof. Written by this node's replicas and by refusals that name the
/// leader, read by every front door.
/// </summary>
public sealed class LeaderDirectory
{
    private readonly Lock gate = new();
    private Belief[] beliefs = [];

    /// <summary>Called with the shard after its leader, as known here, changed.</summary>
    public Action<ShardId, NodeId>? Moved { get; set; }

    /// <summary>The believed leader; <see cref="NodeId.None"/> when none is known.</summary>
    public NodeId Leader(ShardId shard)
    {
        var known = Volatile.Read(ref beliefs);
        return shard.Value < known.Length ? known[shard.Value].Leader : NodeId.None;
    }

    /// <summary>The term of the belief, 0 when it came from a hint without one.</summary>
    public ulong Term(ShardId shard)
    {
        var known = Volatile.Read(ref beliefs);
        return shard.Value < known.Length ? known[shard.Value].Term : 0;
    }

    /// <summary>Who a leader on this node is handing the shard over to; <see cref="NodeId.None"/> when it is not, or leads elsewhere.</summary>
    public NodeId Successor(ShardId shard)
    {
        var known = Volatile.Read(ref beliefs);
        return shard.Value < known.Length ? known[shard.Value].Successor : NodeId.None;
    }

    /// <summary>A replica on this node knows the leader of <paramref name="term"/> (or that it has none), or a leader says so of itself. An older term changes nothing.</summary>
    /// <param name="successor">Who a leader on this node is handing over to.</param>
    public void Learned(ShardId shard, NodeId leader, ulong term, NodeId successor = default)
    {
        if (Leader(shard) != leader || Term(shard) != term || Successor(shard) != successor)
        {
            Change(shard, old => term >= old.Term ? new Belief(leader, term, successor) : old);
        }
    }

    /// <summary>A replica elsewhere named the leader; believed only while no replica here knows one.</summary>
    public void Hinted(ShardId shard, NodeId leader) => Change(shard, old => old.Leader.IsNone ? new Belief(leader, old.Term, NodeId.None) : old);

    /// <summary>The node did not answer as a leader: forget it, unless a newer belief has replaced it.</summary>
    public void Doubt(ShardId shard, NodeId leader) => Change(shard, old => old.Leader == leader ? new Belief(NodeId.None, old.Term, NodeId.None) : old);

    private void Change(ShardId shard, Func<Belief, Belief> change)
    {
        NodeId before, after;
        lock (gate)
        {
            var next = (Belief[])beliefs.Clone();
            if (shard.Value >= next.Length)
            {
                Array.Resize(ref next, (int)shard.Value + 1);
            }

            before = next[shard.Value].Leader;
            next[shard.Value] = change(next[shard.Value]);
            after = next[shard.Value].Leader;
            Volatile.Write(ref beliefs, next);
        }

        if (before != after)
        {
            Moved?.Invoke(shard, after);
        }
    }

    private readonly record struct Belief(NodeId Leader, ulong Term, NodeId Successor);
}
