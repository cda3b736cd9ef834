using Cluster.Node.Resp.Protocol;
using Cluster.Node.Resp.Table;
using Cluster.Shared.Slots;
using Cluster.Shared.Wire;

namespace Cluster.Node.Resp.Commands;

/// <summary>The hash slot of a command's keys: one for all of them, or none.</summary>
internal static class CommandKeys
{
    /// <summary>It has no keys.</summary>
    public const int None = -1;

    /// <summary>Its keys are of more than one slot.</summary>
    public const int Several = -2;

    /// <summary>From the arguments, by the table's word on where keys stand.</summary>
    public static int SlotOf(CommandSpec spec, in RespArguments arguments)
    {
        var slot = None;
        foreach (var where in spec.Keys)
        {
            for (var i = where.Index; i <= where.LastOf(arguments.Count) && i < arguments.Count; i += where.Step)
            {
                slot = Join(slot, arguments[i]);
            }
        }

        return slot;
    }

    /// <summary>From commands on one key each.</summary>
    public static int SlotOf(IReadOnlyList<KvCommand> commands)
    {
        var slot = None;
        for (var i = 0; i < commands.Count; i++)
        {
            slot = Join(slot, commands[i].Key.Span);
        }

        return slot;
    }

    private static int Join(int slot, ReadOnlySpan<byte> key)
    {
        if (slot == Several)
        {
            return slot;
        }

        var own = HashSlot.Of(key);
        return slot == None || slot == own ? own : Several;
    }
}
