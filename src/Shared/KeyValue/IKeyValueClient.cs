using Cluster.Shared.Results;
using Cluster.Shared.Wire;

namespace Cluster.Shared.KeyValue;

/// <summary>The way to the key-value store from any node: finds the key's shard and its leader, waits, retries, and gives up by its deadline.</summary>
public interface IKeyValueClient
{
    /// <summary>How many shards the slots are spread over; 0 until the shard table is known.</summary>
    int ShardCount { get; }

    /// <summary>Runs one command on the shard that owns its key. Takes effect at most once, however often the way there is retried.</summary>
    /// <param name="command">The command; its key decides the shard.</param>
    /// <param name="consistency">What a read may see. Commands that write are always linearizable.</param>
    /// <param name="session">Identifies the request across retries by the caller; <see cref="RequestIdentity.None"/> when the caller never repeats it.</param>
    /// <param name="cancellation">Gives up waiting; the command may still take effect.</param>
    ValueTask<KvResult> ExecuteAsync(KvCommand command, ReadConsistency consistency, RequestIdentity session, CancellationToken cancellation);

    /// <summary>Runs a keyless command (scan, count) on one shard, numbered from 0 to <see cref="ShardCount"/> - 1.</summary>
    ValueTask<KvResult> ExecuteOnShardAsync(int shardIndex, KvCommand command, ReadConsistency consistency, CancellationToken cancellation);
}

/// <summary>Names one request across its retries: the same identity takes effect once and gets the same answer (thesis 6.3).</summary>
public readonly record struct RequestIdentity(ulong Session, ulong Sequence)
{
    public static readonly RequestIdentity None;

    public bool IsNone => Session == 0;
}

/// <summary>A reply from the store, or the reason why there is none. Exactly one of the two is set.</summary>
public readonly record struct KvResult(KvReply? Reply, ClusterError? Error)
{
    public static implicit operator KvResult(KvReply reply) => new(reply, null);
    public static implicit operator KvResult(ClusterError error) => new(null, error);
}
