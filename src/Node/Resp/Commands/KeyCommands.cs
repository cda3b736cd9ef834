using Cluster.Node.Resp.Protocol;
using Cluster.Shared.Slots;
using Cluster.Shared.Wire;

namespace Cluster.Node.Resp.Commands;

/// <summary>
/// Commands on keys as such, most on many at once (<see cref="ManyKeys"/>). MSET says in its error how many keys were set when not all were. What makes one of
/// two keys takes them from one hash slot.
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

        return ManyKeys.Call(session, commands, static replies => RespValue.Integer(replies.Count(reply => reply.Status == KvStatus.Ok)), op == KvOp.Delete ? "dealt with" : null);
    }

    public static CommandCall GetMany(RespSession session, in RespArguments arguments)
    {
        var commands = new KvCommand[arguments.Count - 1];
        for (var i = 0; i < commands.Length; i++)
        {
            commands[i] = new KvCommand { Op = KvOp.Get, Key = arguments.Key(i + 1), ReturnValue = true };
        }

        return ManyKeys.Call(session, commands, static replies => RespValue.Array([.. replies.Select(reply => reply.HasValue ? RespValue.Bulk(reply.Value) : RespValue.Null)]));
    }

    public static CommandCall SetMany(RespSession session, in RespArguments arguments)
    {
        if (arguments.Count % 2 == 0)
        {
            return CommandCall.Error(ErrorReplies.WrongArity("mset"));
        }

        return ManyKeys.Call(session, Puts(arguments), static _ => RespValue.Ok, "set");
    }

    /// <summary>MSETNX: all or none, so the keys have to be of one slot.</summary>
    public static CommandCall SetManyIfAbsent(RespSession session, in RespArguments arguments)
    {
        if (arguments.Count % 2 == 0)
        {
            return CommandCall.Error(ErrorReplies.WrongArity("msetnx"));
        }

        var puts = Puts(arguments);
        if (CommandKeys.SlotOf(puts) == CommandKeys.Several)
        {
            return CommandCall.Error(ErrorReplies.CrossSlot);
        }

        var batch = new KvCommand { Op = KvOp.Batch, Operations = { puts } };
        foreach (var put in puts)
        {
            batch.Guards.Add(new KvGuard { Key = put.Key });
        }

        return CommandCall.ToStore(batch, ReplyFormats.Done);
    }

    public static CommandCall Rename(RespSession session, in RespArguments arguments) => Move(arguments, KvOp.Rename, KvCondition.None, ReplyFormats.OkOrNoKey);

    public static CommandCall RenameIfAbsent(RespSession session, in RespArguments arguments) => Move(arguments, KvOp.Rename, KvCondition.Absent, ReplyFormats.DoneOrNoKey);

    public static CommandCall Copy(RespSession session, in RespArguments arguments)
    {
        var condition = KvCondition.Absent;
        for (var i = 3; i < arguments.Count; i++)
        {
            if (arguments.Is(i, "REPLACE"u8))
            {
                condition = KvCondition.None;
            }
            else if (!arguments.Is(i, "DB"u8) || i + 1 == arguments.Count)
            {
                return CommandCall.Error(ErrorReplies.Syntax);
            }
            else if (!arguments.TryInteger(++i, out var database))
            {
                return CommandCall.Error(ErrorReplies.NotAnInteger);
            }
            else if (database != 0)
            {
                return CommandCall.Error("ERR DB index is out of range");
            }
        }

        return arguments[1].SequenceEqual(arguments[2])
            ? CommandCall.Error("ERR source and destination objects are the same")
            : Move(arguments, KvOp.Copy, condition, ReplyFormats.Done);
    }

    private static CommandCall Move(in RespArguments arguments, KvOp op, KvCondition condition, ReplyFormat format) =>
        HashSlot.Of(arguments[1]) != HashSlot.Of(arguments[2])
            ? CommandCall.Error(ErrorReplies.CrossSlot)
            : CommandCall.ToStore(new KvCommand { Op = op, Key = arguments.Key(1), Target = arguments.Key(2), Condition = condition }, format);

    private static KvCommand[] Puts(in RespArguments arguments)
    {
        // A key given twice gets its last value: the two puts would race otherwise.
        var byKey = new Dictionary<Google.Protobuf.ByteString, KvCommand>(Math.Min(arguments.Count / 2, 1024));
        for (var i = 1; i < arguments.Count; i += 2)
        {
            var key = arguments.Key(i);
            byKey[key] = new KvCommand { Op = KvOp.Put, Key = key, Value = arguments.Value(i + 1) };
        }

        return [.. byKey.Values];
    }
}
