using Cluster.Node.Resp.Protocol;
using Cluster.Shared.Wire;

namespace Cluster.Node.Resp.Commands;

/// <summary>
/// Commands on keys as such, most on many at once. Keys may live in different shards, so a many-key command is many store commands, under way together:
/// atomic for each key, not for all. MSET says in its error how many keys were set when not all were.
/// </summary>
internal static class KeyCommands
{
    private const CommandFlags Reads = CommandFlags.ReadOnly | CommandFlags.Fast;

    public static readonly IReadOnlyList<CommandSpec> All =
    [
        ManyKeys("mget", -2, Reads, 1, "string", "1.0.0", "The values of keys, each as consistent as a GET.", GetMany),
        ManyKeys("mset", -3, CommandFlags.Write | CommandFlags.DenyOom, 2, "string", "1.0.1", "Sets keys' values; atomic for each key, since keys may be in different shards.", SetMany),
        ManyKeys("del", -2, CommandFlags.Write, 1, "generic", "1.0.0", "Deletes keys; answers with how many there were.",
            (RespSession s, in RespArguments a) => Count(s, a, KvOp.Delete)),
        ManyKeys("unlink", -2, CommandFlags.Write | CommandFlags.Fast, 1, "generic", "4.0.0", "Deletes keys; the same as DEL here.",
            (RespSession s, in RespArguments a) => Count(s, a, KvOp.Delete)),
        ManyKeys("exists", -2, Reads, 1, "generic", "1.0.0", "How many of the given keys there are.", (RespSession s, in RespArguments a) => Count(s, a, KvOp.Get)),
        ManyKeys("touch", -2, Reads, 1, "generic", "3.2.1", "How many of the given keys there are; nothing here depends on when a key was last used.",
            (RespSession s, in RespArguments a) => Count(s, a, KvOp.Get)),
        CommandSpec.OneKey("type", 2, Reads, "generic", "1.0.0", "The type of a key's value: string, or none.", Type),
    ];

    private static CommandSpec ManyKeys(string name, int arity, CommandFlags flags, int step, string group, string since, string summary, CommandHandler handler) =>
        new(name, arity, flags, 1, -1, step, group, since, summary, handler);

    private static CommandCall Type(RespSession session, in RespArguments arguments) =>
        CommandCall.ToStore(new KvCommand { Op = KvOp.Get, Key = arguments.Key(1) }, ReplyFormats.Type);

    private static CommandCall Count(RespSession session, in RespArguments arguments, KvOp op)
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

    private static CommandCall GetMany(RespSession session, in RespArguments arguments)
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

    private static CommandCall SetMany(RespSession session, in RespArguments arguments)
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
