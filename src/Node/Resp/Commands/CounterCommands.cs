using Cluster.Node.Resp.Protocol;
using Cluster.Shared.Wire;

namespace Cluster.Node.Resp.Commands;

/// <summary>Counters. The store adds, so two clients' increments never lose one another; an expiry stays.</summary>
internal static class CounterCommands
{
    private const CommandFlags Flags = CommandFlags.Write | CommandFlags.DenyOom | CommandFlags.Fast;

    public static readonly IReadOnlyList<CommandSpec> All =
    [
        CommandSpec.OneKey("incr", 2, Flags, "string", "1.0.0", "Adds one to a whole number; no key counts as 0.", (RespSession _, in RespArguments a) => Add(a, 1)),
        CommandSpec.OneKey("decr", 2, Flags, "string", "1.0.0", "Takes one from a whole number; no key counts as 0.", (RespSession _, in RespArguments a) => Add(a, -1)),
        CommandSpec.OneKey("incrby", 3, Flags, "string", "1.0.0", "Adds to a whole number; no key counts as 0.", AddGiven),
        CommandSpec.OneKey("decrby", 3, Flags, "string", "1.0.0", "Takes from a whole number; no key counts as 0.", TakeGiven),
    ];

    private static CommandCall AddGiven(RespSession session, in RespArguments arguments) =>
        arguments.TryInteger(2, out var delta) ? Add(arguments, delta) : CommandCall.Error(ErrorReplies.NotAnInteger);

    private static CommandCall TakeGiven(RespSession session, in RespArguments arguments)
    {
        if (!arguments.TryInteger(2, out var delta))
        {
            return CommandCall.Error(ErrorReplies.NotAnInteger);
        }

        // The smallest number has no opposite.
        return delta == long.MinValue ? CommandCall.Error("ERR decrement would overflow") : Add(arguments, -delta);
    }

    private static CommandCall Add(in RespArguments arguments, long delta) =>
        CommandCall.ToStore(new KvCommand { Op = KvOp.Increment, Key = arguments.Key(1), Delta = delta, Expiry = KvExpiry.Keep }, ReplyFormats.Number);
}
