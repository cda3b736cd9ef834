using Cluster.Node.Resp.Protocol;
using Cluster.Shared.Wire;

namespace Cluster.Node.Resp.Commands;

/// <summary>SET with all of Redis 7's options, as one conditional put.</summary>
internal static class SetCommand
{
    public static CommandCall Handle(RespSession session, in RespArguments arguments)
    {
        var command = new KvCommand { Op = KvOp.Put };
        for (var i = 3; i < arguments.Count; i++)
        {
            if (ReadOption(arguments, ref i, command) is { } error)
            {
                return CommandCall.Error(error);
            }
        }

        command.Key = arguments.Key(1);
        command.Value = arguments.Value(2);
        return CommandCall.ToStore(command, command.ReturnValue ? ReplyFormats.Value : ReplyFormats.OkOrNull);
    }

    private static string? ReadOption(in RespArguments arguments, ref int index, KvCommand command)
    {
        if (arguments.Is(index, "NX"u8) && command.Condition != KvCondition.Present)
        {
            command.Condition = KvCondition.Absent;
            return null;
        }

        if (arguments.Is(index, "XX"u8) && command.Condition != KvCondition.Absent)
        {
            command.Condition = KvCondition.Present;
            return null;
        }

        if (arguments.Is(index, "GET"u8))
        {
            command.ReturnValue = true;
            return null;
        }

        if (command.Expiry != KvExpiry.None)
        {
            // KEEPTTL may be said twice, as in Redis; two lives may not.
            return command.Expiry == KvExpiry.Keep && arguments.Is(index, "KEEPTTL"u8) ? null : ErrorReplies.Syntax;
        }

        if (arguments.Is(index, "KEEPTTL"u8))
        {
            command.Expiry = KvExpiry.Keep;
            return null;
        }

        return Expiry.ReadOption(arguments, ref index, command, "set");
    }
}
