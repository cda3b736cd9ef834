using Cluster.Shared.Wire;

namespace Cluster.Engine.Port;

/// <summary>
/// The cluster's replicated keys, asked by an actor on any node: the store that clients reach as database 0. What it acknowledged is on a majority's disks; each key is linearizable, unless a read asks for less.
/// </summary>
/// <remarks>On Akka.NET a key, or a bundle of keys, is a sharded persistent actor, and a stale read is one of its replicated copies (Akka.DistributedData).</remarks>
public interface IReplicatedKeys
{
    /// <summary>How many shards the keys are spread over; 0 until the shard table is known.</summary>
    int ShardCount { get; }

    /// <summary>
    /// Asks the shard that holds the command's key, and tells the answer to <paramref name="asker"/>: a <see cref="KvReply"/>, or <see cref="KeysUnavailable"/> when there is no outcome in time, or the command
    /// is out of bounds. A write takes effect at most once, however often it has to be sent.
    /// </summary>
    /// <param name="consistency">What a read may see; a write is always linearizable.</param>
    void Tell(KvCommand command, IActorRef asker, ReadConsistency consistency = ReadConsistency.Linearizable);

    /// <summary>Asks one shard, from 0 to <see cref="ShardCount"/> - 1, for what is about no one key: a scan, a count.</summary>
    void TellShard(int shard, KvCommand command, IActorRef asker, ReadConsistency consistency = ReadConsistency.Linearizable);
}
