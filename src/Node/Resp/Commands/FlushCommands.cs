using Cluster.Node.Resp.Protocol;
using Cluster.Shared.KeyValue;
using Cluster.Shared.Results;
using Cluster.Shared.Wire;

namespace Cluster.Node.Resp.Commands;

/// <summary>
/// FLUSHALL, FLUSHDB, RANDOMKEY: commands that every shard has a part in. A shard is emptied at one instant, by one entry of its log; different shards at
/// different instants, so who reads while it goes on may find one empty and another not yet. With ASYNC as with SYNC the reply comes when all are.
/// </summary>
internal static class FlushCommands
{
    public static CommandCall Flush(RespSession session, in RespArguments arguments)
    {
        if (arguments.Count > 2 || (arguments.Count == 2 && !arguments.Is(1, "ASYNC"u8) && !arguments.Is(1, "SYNC"u8)))
        {
            return CommandCall.Error(ErrorReplies.Syntax);
        }

        return CommandCall.Later(async cancellation =>
        {
            var results = await OnEveryShardAsync(session, new KvCommand { Op = KvOp.Clear }, cancellation).ConfigureAwait(false);
            if (FirstError(results) is not { } error)
            {
                return RespValue.Ok;
            }

            var emptied = results.Count(result => result.Error is null);
            return RespValue.Error($"{ErrorReplies.For(error)} ({emptied} of {results.Length} shards were emptied)");
        });
    }

    /// <summary>Shards by their share of the keys, then a key of the shard.</summary>
    public static CommandCall RandomKey(RespSession session, in RespArguments arguments) => CommandCall.Later(async cancellation =>
    {
        var counts = await OnEveryShardAsync(session, new KvCommand { Op = KvOp.Count }, cancellation).ConfigureAwait(false);
        if (FirstError(counts) is { } error)
        {
            return RespValue.Error(ErrorReplies.For(error));
        }

        var keys = counts.Sum(count => count.Reply!.Number);
        var chosen = keys == 0 ? 0 : session.Server.NextRandom() % keys;
        for (var shard = 0; shard < counts.Length && keys > 0; shard++)
        {
            chosen -= counts[shard].Reply!.Number;
            if (chosen >= 0)
            {
                continue;
            }

            // The chosen shard may have lost its keys since: the ones behind it are asked then.
            var pick = new KvCommand { Op = KvOp.RandomKey, Start = session.Server.NextRandom() };
            var result = await session.ExecuteOnShardAsync(shard, pick, session.Consistency, cancellation).ConfigureAwait(false);
            if (result.Error is { } failed)
            {
                return RespValue.Error(ErrorReplies.For(failed));
            }

            if (result.Reply!.Entries.Count > 0)
            {
                return RespValue.Bulk(result.Reply.Entries[0].Key);
            }
        }

        return RespValue.Null;
    });

    private static async Task<KvResult[]> OnEveryShardAsync(RespSession session, KvCommand command, CancellationToken cancellation)
    {
        var shards = session.Server.Store.ShardCount;
        if (shards == 0)
        {
            return [ScanCommands.NoShards];
        }

        var pending = new Task<KvResult>[shards];
        for (var i = 0; i < shards; i++)
        {
            pending[i] = session.ExecuteOnShardAsync(i, command, session.Consistency, cancellation);
        }

        return await Task.WhenAll(pending).ConfigureAwait(false);
    }

    private static ClusterError? FirstError(KvResult[] results) => Array.Find(results, result => result.Error is not null).Error;
}
