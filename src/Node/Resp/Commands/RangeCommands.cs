using Cluster.Node.Resp.Protocol;
using Cluster.Shared.Wire;

namespace Cluster.Node.Resp.Commands;

/// <summary>Parts of values, decimal counters, and reads that change a key's life: each one store command, decided in one step where the key lives.</summary>
internal static class RangeCommands
{
    public static CommandCall GetRange(RespSession session, in RespArguments arguments) =>
        arguments.TryInteger(2, out var start) && arguments.TryInteger(3, out var end)
            ? CommandCall.ToStore(new KvCommand { Op = KvOp.GetRange, Key = arguments.Key(1), Start = start, End = end }, ReplyFormats.ValueOrEmpty)
            : CommandCall.Error(ErrorReplies.NotAnInteger);

    public static CommandCall SetRange(RespSession session, in RespArguments arguments)
    {
        if (!arguments.TryInteger(2, out var offset))
        {
            return CommandCall.Error(ErrorReplies.NotAnInteger);
        }

        return offset < 0
            ? CommandCall.Error("ERR offset is out of range")
            : CommandCall.ToStore(new KvCommand { Op = KvOp.SetRange, Key = arguments.Key(1), Start = offset, Value = arguments.Value(3) }, ReplyFormats.Number);
    }

    public static CommandCall AddFloat(RespSession session, in RespArguments arguments) =>
        CommandCall.ToStore(new KvCommand { Op = KvOp.IncrementFloat, Key = arguments.Key(1), Value = arguments.Value(2) }, ReplyFormats.Value);

    /// <summary>GETEX: a read, or one with a new life for the key.</summary>
    public static CommandCall GetExpiring(RespSession session, in RespArguments arguments)
    {
        var command = new KvCommand { Op = KvOp.Get, ReturnValue = true };
        string? error = null;
        for (var i = 2; i < arguments.Count; i++)
        {
            if (command.Op != KvOp.Expire && error is null && arguments.Is(i, "PERSIST"u8))
            {
                command.Op = KvOp.Persist;
                continue;
            }

            if (command.Op != KvOp.Get || error is not null)
            {
                return CommandCall.Error(ErrorReplies.Syntax);
            }

            error = Expiry.ReadOption(arguments, ref i, command, "getex");
            if (error == ErrorReplies.Syntax)
            {
                return CommandCall.Error(error);
            }

            command.Op = error is null ? KvOp.Expire : KvOp.Get;
        }

        command.Key = arguments.Key(1);

        // Redis looks for the key before it looks at the number.
        return CommandCall.ToStore(command, error is null ? ReplyFormats.Value : ReplyFormats.NullOrError(error));
    }
}
