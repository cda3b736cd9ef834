using Cluster.Node.Resp.Protocol;
using Cluster.Shared.Wire;

namespace Cluster.Node.Resp.Commands;

/// <summary>
/// Commands on keys as such, most on many at once. Keys may live in different shards, so a many-key command is many store commands, under way together:
/// atomic for each key, not for all. MSET says in its error how many keys were set when not all were.
/// </summary>
internal static class KeyCommands
{
    public static CommandCall Type(RespSession session, in RespArguments arguments) =>
        CommandCall.ToStore(new KvCommand { Op = KvOp.Get, Key = arguments.Key(1) }, ReplyFormats.Type);

    public static CommandCall Count(RespSession session, in RespArguments arguments, KvOp op)
    {
        if (arguments.Count == 2)
        {
            return CommandCall.ToStore(new KvCommand { Op = op, Key = arguments.Key(1) }, ReplyFormats.Done);
        }

        var commands = new KvCommand[arguments.Count - 1];
        for (var i = 0; i < commands.Length; i++)
        {
            commands[i] = new KvCommand { Op = op, Key = arguments.Key(i + 1) };
        }

        return CommandCall.Later(async cancellation =>
        {
            var outcome = await FanOut.RunAsync(session, commands, cancellation).ConfigureAwait(false);
            return outcome.Error is { } error
                ? RespValue.Error(error + (op == KvOp.Delete ? $" ({outcome.Done} of {commands.Length} keys were dealt with)" : ""))
                : RespValue.Integer(outcome.Replies.Count(reply => reply!.Status == KvStatus.Ok));
        });
    }

    public static CommandCall GetMany(RespSession session, in RespArguments arguments)
    {
        var commands = new KvCommand[arguments.Count - 1];
        for (var i = 0; i < commands.Length; i++)
        {
            commands[i] = new KvCommand { Op = KvOp.Get, Key = arguments.Key(i + 1), ReturnValue = true };
        }

        return CommandCall.Later(async cancellation =>
        {
            var outcome = await FanOut.RunAsync(session, commands, cancellation).ConfigureAwait(false);
            return outcome.Error is { } error
                ? RespValue.Error(error)
                : RespValue.Array(Array.ConvertAll(outcome.Replies, reply => reply!.HasValue ? RespValue.Bulk(reply.Value) : RespValue.Null));
        });
    }

    public static CommandCall SetMany(RespSession session, in RespArguments arguments)
    {
        if (arguments.Count % 2 == 0)
        {
            return CommandCall.Error(ErrorReplies.WrongArity("mset"));
        }

        // A key given twice gets its last value: the two puts would race otherwise.
        var byKey = new Dictionary<Google.Protobuf.ByteString, KvCommand>(Math.Min(arguments.Count / 2, 1024));
        for (var i = 1; i < arguments.Count; i += 2)
        {
            var key = arguments.Key(i);
            byKey[key] = new KvCommand { Op = KvOp.Put, Key = key, Value = arguments.Value(i + 1) };
        }

        var commands = byKey.Values.ToArray();
        return CommandCall.Later(async cancellation =>
        {
            var outcome = await FanOut.RunAsync(session, commands, cancellation).ConfigureAwait(false);
            return outcome.Error is { } error ? RespValue.Error($"{error} ({outcome.Done} of {commands.Length} keys were set)") : RespValue.Ok;
        });
    }
}
