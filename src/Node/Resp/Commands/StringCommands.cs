using Cluster.Node.Resp.Protocol;
using Cluster.Shared.Wire;

namespace Cluster.Node.Resp.Commands;

/// <summary>GET, SET and their kin on one key. Each is one store command, so each is atomic and, for reads, as consistent as the connection asked for.</summary>
internal static class StringCommands
{
    public static CommandCall Get(RespSession session, in RespArguments arguments) =>
        CommandCall.ToStore(new KvCommand { Op = KvOp.Get, Key = arguments.Key(1), ReturnValue = true }, ReplyFormats.Value);

    public static CommandCall SetIfAbsent(RespSession session, in RespArguments arguments) => CommandCall.ToStore(
        new KvCommand { Op = KvOp.Put, Key = arguments.Key(1), Value = arguments.Value(2), Condition = KvCondition.Absent }, ReplyFormats.Done);

    public static CommandCall SetWithLife(in RespArguments arguments, string name, long unitMs)
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

    public static CommandCall GetSet(RespSession session, in RespArguments arguments) => CommandCall.ToStore(
        new KvCommand { Op = KvOp.Put, Key = arguments.Key(1), Value = arguments.Value(2), ReturnValue = true }, ReplyFormats.Value);

    public static CommandCall GetDelete(RespSession session, in RespArguments arguments) =>
        CommandCall.ToStore(new KvCommand { Op = KvOp.Delete, Key = arguments.Key(1), ReturnValue = true }, ReplyFormats.Value);

    public static CommandCall Append(RespSession session, in RespArguments arguments) => CommandCall.ToStore(
        new KvCommand { Op = KvOp.Append, Key = arguments.Key(1), Value = arguments.Value(2), Expiry = KvExpiry.Keep }, ReplyFormats.Number);

    public static CommandCall Length(RespSession session, in RespArguments arguments) =>
        CommandCall.ToStore(new KvCommand { Op = KvOp.Get, Key = arguments.Key(1) }, ReplyFormats.Number);
}
