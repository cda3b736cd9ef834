using Cluster.Node.Resp.Protocol;
using Cluster.Shared.Wire;

namespace Cluster.Node.Resp.Commands;

/// <summary>Counters. The store adds, so two clients' increments never lose one another; an expiry stays.</summary>
internal static class CounterCommands
{
    public static CommandCall AddGiven(RespSession session, in RespArguments arguments) =>
        arguments.TryInteger(2, out var delta) ? Add(arguments, delta) : CommandCall.Error(ErrorReplies.NotAnInteger);

    public static CommandCall TakeGiven(RespSession session, in RespArguments arguments)
    {
        if (!arguments.TryInteger(2, out var delta))
        {
            return CommandCall.Error(ErrorReplies.NotAnInteger);
        }

        // The smallest number has no opposite.
        return delta == long.MinValue ? CommandCall.Error("ERR decrement would overflow") : Add(arguments, -delta);
    }

    public static CommandCall Add(in RespArguments arguments, long delta) =>
        CommandCall.ToStore(new KvCommand { Op = KvOp.Increment, Key = arguments.Key(1), Delta = delta, Expiry = KvExpiry.Keep }, ReplyFormats.Number);
}
