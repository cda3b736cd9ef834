using System.Runtime.CompilerServices;
using Cluster.Engine.Sharding.Client;
using Cluster.Shared.Ids;
using Cluster.Shared.KeyValue;
using Cluster.Shared.Results;
using Cluster.Shared.Wire;
using Google.Protobuf;

namespace Cluster.Engine.KeyValue;

/// <summary>The key-value store as a front door sees it: bounds checked here, before anything travels; then the key's slot, its shard, and the way to its leader.</summary>
internal sealed class KeyValueClient(ShardClient shards, IShardTable table) : IKeyValueClient
{
    private static readonly ClusterError NoTableYet = new(ErrorCode.Unavailable, "the cluster has no shard table yet: it is still forming; see /ready");

    public int ShardCount => table.ShardCount;

    public ValueTask<KvResult> ExecuteAsync(KvCommand command, ReadConsistency consistency, RequestIdentity session, CancellationToken cancellation)
    {
        if (KeyValueBounds.Violated(command) is { } error)
        {
            return ValueTask.FromResult<KvResult>(error);
        }

        if (!KeyValueSlot.TryFind(command, out var slot))
        {
            return ValueTask.FromResult<KvResult>(KeyValueSlot.SeveralSlots);
        }

        var shard = table.ShardOf(slot);
        return shard.IsControl ? ValueTask.FromResult<KvResult>(NoTableYet) : RunAsync(shard, command, consistency, session, cancellation);
    }

    public ValueTask<KvResult> ExecuteOnShardAsync(int shardIndex, KvCommand command, ReadConsistency consistency, CancellationToken cancellation) =>
        table.ShardCount == 0
            ? ValueTask.FromResult<KvResult>(NoTableYet)
            : RunAsync(table.ShardAt(shardIndex), command, consistency, RequestIdentity.None, cancellation);

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))] // Every request passes here: its state machine is used again.
    private async ValueTask<KvResult> RunAsync(ShardId shard, KvCommand command, ReadConsistency consistency, RequestIdentity session, CancellationToken cancellation)
    {
        var reads = KvCommands.IsRead(command);
        var request = new ShardRequest
        {
            Shard = shard.Value,
            Machine = KeyValueMachine.Id,
            Consistency = reads ? consistency : ReadConsistency.Linearizable,
            IsRead = reads,
            Session = reads ? 0 : session.Session,
            Sequence = reads ? 0 : session.Sequence,
            Command = UnsafeByteOperations.UnsafeWrap(command.ToByteArray()),
        };
        var result = await shards.ExecuteAsync(shard, request, cancellation).ConfigureAwait(false);
        return result.Error == ErrorCode.None ? KvReply.Parser.ParseFrom(result.Reply) : new ClusterError(result.Error, result.Message);
    }
}
