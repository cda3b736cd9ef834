using System.Globalization;
using Cluster.Node.Resp.Protocol;
using Cluster.Shared.KeyValue;
using Cluster.Shared.Patterns;
using Cluster.Shared.Results;
using Cluster.Shared.Wire;
using Google.Protobuf;

namespace Cluster.Node.Resp.Commands;

/// <summary>
/// Commands over all keys: KEYS, SCAN, DBSIZE. Each shard answers for one moment of its own; there is no moment common to all shards. SCAN returns every key
/// that is there from its first call to its last at least once.
/// </summary>
internal static class ScanCommands
{
    public static readonly ClusterError NoShards = new(ErrorCode.Unavailable, "this node does not know the shards yet; ask /ready why");

    public static CommandCall Size(RespSession session, in RespArguments arguments) => CommandCall.Later(async cancellation =>
    {
        var shards = session.Server.Store.ShardCount;
        if (shards == 0)
        {
            return RespValue.Error(ErrorReplies.For(NoShards));
        }

        var pending = new Task<KvResult>[shards];
        for (var i = 0; i < shards; i++)
        {
            pending[i] = session.ExecuteOnShardAsync(i, new KvCommand { Op = KvOp.Count }, session.Consistency, cancellation);
        }

        var keys = 0L;
        ClusterError? error = null;
        foreach (var shard in pending)
        {
            var result = await shard.ConfigureAwait(false);
            error ??= result.Error;
            keys += result.Reply?.Number ?? 0;
        }

        return error is null ? RespValue.Integer(keys) : RespValue.Error(ErrorReplies.For(error));
    });

    public static CommandCall Keys(RespSession session, in RespArguments arguments)
    {
        var pattern = arguments[1].ToArray();
        return CommandCall.Later(async cancellation =>
        {
            var found = new FoundKeys(session.Server.Options);
            for (var shard = 0; shard < session.Server.Store.ShardCount; shard++)
            {
                if (await CollectAsync(session, shard, pattern, found, cancellation).ConfigureAwait(false) is { } error)
                {
                    return RespValue.Error(error);
                }
            }

            return session.Server.Store.ShardCount == 0 ? RespValue.Error(ErrorReplies.For(NoShards)) : RespValue.Array(found.Values);
        });
    }

    private static async Task<string?> CollectAsync(RespSession session, int shard, byte[] pattern, FoundKeys found, CancellationToken cancellation)
    {
        var command = new KvCommand { Op = KvOp.Scan, Key = ByteString.CopyFrom(Glob.LiteralPrefix(pattern)), Limit = KvLimits.MaxScanEntries };
        while (true)
        {
            var result = await session.ExecuteOnShardAsync(shard, command, session.Consistency, cancellation).ConfigureAwait(false);
            if (result.Error is { } error)
            {
                return ErrorReplies.For(error);
            }

            var page = result.Reply!;
            foreach (var entry in page.Entries)
            {
                if (Glob.Matches(pattern, entry.Key.Span) && found.Add(entry.Key) is { } tooMuch)
                {
                    return tooMuch;
                }
            }

            if (!page.More)
            {
                return null;
            }

            command = command.Clone();
            command.After = page.ResumeAfter;
        }
    }

    public static CommandCall Scan(RespSession session, in RespArguments arguments)
    {
        if (!ulong.TryParse(arguments[1], NumberStyles.None, CultureInfo.InvariantCulture, out var cursor))
        {
            return CommandCall.Error("ERR invalid cursor");
        }

        byte[]? pattern = null;
        var limit = 10L;
        var strings = true;
        for (var i = 2; i < arguments.Count; i += 2)
        {
            if (i + 1 == arguments.Count)
            {
                return CommandCall.Error(ErrorReplies.Syntax);
            }

            if (arguments.Is(i, "COUNT"u8))
            {
                if (!arguments.TryInteger(i + 1, out limit))
                {
                    return CommandCall.Error(ErrorReplies.NotAnInteger);
                }

                if (limit < 1)
                {
                    return CommandCall.Error(ErrorReplies.Syntax);
                }
            }
            else if (arguments.Is(i, "MATCH"u8))
            {
                pattern = arguments[i + 1].ToArray();
            }
            else if (arguments.Is(i, "TYPE"u8))
            {
                strings = arguments.Is(i + 1, "string"u8);
            }
            else
            {
                return CommandCall.Error(ErrorReplies.Syntax);
            }
        }

        // No key has another type than string: nothing to look for.
        return strings
            ? CommandCall.Later(cancellation => ScanAsync(session, cursor, pattern, (int)Math.Min(limit, KvLimits.MaxScanEntries), cancellation))
            : Page(0, []);
    }

    /// <summary>Goes on through shards until so many keys were seen: a cluster with few keys is scanned in one call.</summary>
    private static async Task<RespValue> ScanAsync(RespSession session, ulong cursor, byte[]? pattern, int limit, CancellationToken cancellation)
    {
        var shards = session.Server.Store.ShardCount;
        if (shards == 0)
        {
            return RespValue.Error(ErrorReplies.For(NoShards));
        }

        var (shard, after) = session.Server.Cursors.Find(cursor);
        if (shard < 0 || shard >= shards)
        {
            return RespValue.Error("ERR invalid cursor");
        }

        var prefix = pattern is null ? ByteString.Empty : ByteString.CopyFrom(Glob.LiteralPrefix(pattern));
        var found = new List<RespValue>();
        for (; shard < shards; shard++, after = ByteString.Empty)
        {
            if (limit == 0)
            {
                return Page(ScanCursors.StartOf(shard), found);
            }

            var command = new KvCommand { Op = KvOp.Scan, Key = prefix, After = after, Limit = (uint)limit };
            var result = await session.ExecuteOnShardAsync(shard, command, session.Consistency, cancellation).ConfigureAwait(false);
            if (result.Error is { } error)
            {
                return RespValue.Error(ErrorReplies.For(error));
            }

            var page = result.Reply!;
            foreach (var entry in page.Entries)
            {
                if (pattern is null || Glob.Matches(pattern, entry.Key.Span))
                {
                    found.Add(RespValue.Bulk(entry.Key));
                }
            }

            if (page.More)
            {
                return Page(session.Server.Cursors.After(shard, page.ResumeAfter), found);
            }

            limit = Math.Max(0, limit - page.Entries.Count);
        }

        return Page(0, found);
    }

    private static RespValue Page(ulong cursor, IReadOnlyList<RespValue> keys) =>
        RespValue.Array(RespValue.Bulk(cursor.ToString(CultureInfo.InvariantCulture)), RespValue.Array(keys));
}
