using Cluster.Node.Resp.Protocol;
using Cluster.Shared.Wire;

namespace Cluster.Node.Resp.Commands;

/// <summary>GET, SET and their kin on one key. Each is one store command, so each is atomic and, for reads, as consistent as the connection asked for.</summary>
internal static class StringCommands
{
    public static readonly IReadOnlyList<CommandSpec> All =
    [
        CommandSpec.OneKey("get", 2, CommandFlags.ReadOnly | CommandFlags.Fast, "string", "1.0.0", "The value of a key.", Get),
        CommandSpec.OneKey("set", -3, CommandFlags.Write | CommandFlags.DenyOom, "string", "1.0.0", "Sets a key's value; NX, XX, GET, KEEPTTL, EX, PX, EXAT, PXAT.", SetCommand.Handle),
        CommandSpec.OneKey("setnx", 3, CommandFlags.Write | CommandFlags.DenyOom | CommandFlags.Fast, "string", "1.0.0", "Sets a key's value if there is no such key.", SetIfAbsent),
        CommandSpec.OneKey("setex", 4, CommandFlags.Write | CommandFlags.DenyOom, "string", "2.0.0", "Sets a key's value and its life in seconds.",
            (RespSession _, in RespArguments a) => SetWithLife(a, "setex", 1000)),
        CommandSpec.OneKey("psetex", 4, CommandFlags.Write | CommandFlags.DenyOom, "string", "2.6.0", "Sets a key's value and its life in milliseconds.",
            (RespSession _, in RespArguments a) => SetWithLife(a, "psetex", 1)),
        CommandSpec.OneKey("getset", 3, CommandFlags.Write | CommandFlags.DenyOom | CommandFlags.Fast, "string", "1.0.0", "Sets a key's value and answers with the old one.", GetSet),
        CommandSpec.OneKey("getdel", 2, CommandFlags.Write | CommandFlags.Fast, "string", "6.2.0", "Deletes a key and answers with the value it had.", GetDelete),
        CommandSpec.OneKey("append", 3, CommandFlags.Write | CommandFlags.DenyOom | CommandFlags.Fast, "string", "2.0.0", "Appends to a key's value; answers with the new length.", Append),
        CommandSpec.OneKey("strlen", 2, CommandFlags.ReadOnly | CommandFlags.Fast, "string", "2.2.0", "The length of a key's value.", Length),
    ];

    private static CommandCall Get(RespSession session, in RespArguments arguments) =>
        CommandCall.ToStore(new KvCommand { Op = KvOp.Get, Key = arguments.Key(1), ReturnValue = true }, ReplyFormats.Value);

    private static CommandCall SetIfAbsent(RespSession session, in RespArguments arguments) => CommandCall.ToStore(
        new KvCommand { Op = KvOp.Put, Key = arguments.Key(1), Value = arguments.Value(2), Condition = KvCondition.Absent }, ReplyFormats.Done);

    private static CommandCall SetWithLife(in RespArguments arguments, string name, long unitMs)
    {
        if (!arguments.TryInteger(2, out var amount))
        {
            return CommandCall.Error(ErrorReplies.NotAnInteger);
        }

        if (!Expiry.TryAfter(amount, unitMs, out var ms))
        {
            return CommandCall.Error(ErrorReplies.InvalidExpiry(name));
        }

        var command = new KvCommand { Op = KvOp.Put, Key = arguments.Key(1), Value = arguments.Value(3), Expiry = KvExpiry.After, ExpiryMs = ms };
        return CommandCall.ToStore(command, ReplyFormats.OkOrNull);
    }

    private static CommandCall GetSet(RespSession session, in RespArguments arguments) => CommandCall.ToStore(
        new KvCommand { Op = KvOp.Put, Key = arguments.Key(1), Value = arguments.Value(2), ReturnValue = true }, ReplyFormats.Value);

    private static CommandCall GetDelete(RespSession session, in RespArguments arguments) =>
        CommandCall.ToStore(new KvCommand { Op = KvOp.Delete, Key = arguments.Key(1), ReturnValue = true }, ReplyFormats.Value);

    private static CommandCall Append(RespSession session, in RespArguments arguments) => CommandCall.ToStore(
        new KvCommand { Op = KvOp.Append, Key = arguments.Key(1), Value = arguments.Value(2), Expiry = KvExpiry.Keep }, ReplyFormats.Number);

    private static CommandCall Length(RespSession session, in RespArguments arguments) =>
        CommandCall.ToStore(new KvCommand { Op = KvOp.Get, Key = arguments.Key(1) }, ReplyFormats.Number);
}
