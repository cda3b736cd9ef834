using Cluster.Shared.Results;
using Cluster.Shared.Slots;
using Cluster.Shared.Wire;

namespace Cluster.Engine.KeyValue;

/// <summary>The one hash slot that a command is about, which decides the shard it goes to.</summary>
internal static class KeyValueSlot
{
    public static readonly ClusterError SeveralSlots = new(ErrorCode.BadRequest, "the command's keys hash to several slots, or there are none: give them one hash tag, as in {tag}key");

    /// <returns>False when the command has keys of several slots, or a batch has none.</returns>
    public static bool TryFind(KvCommand command, out int slot)
    {
        if (command.HasSlot)
        {
            slot = (int)command.Slot;
            return slot is >= 0 and < HashSlot.Count;
        }

        if (command.Op is KvOp.Batch or KvOp.Copy or KvOp.Rename)
        {
            slot = -1;
            return Join(command, ref slot) && slot >= 0;
        }

        slot = HashSlot.Of(command.Key.Span);
        return true;
    }

    private static bool Join(KvCommand command, ref int slot)
    {
        if (command.Op != KvOp.Batch)
        {
            return Join(command.Key.Span, ref slot) && (command.Op is not (KvOp.Copy or KvOp.Rename) || Join(command.Target.Span, ref slot));
        }

        foreach (var guard in command.Guards)
        {
            if (!Join(guard.Key.Span, ref slot))
            {
                return false;
            }
        }

        foreach (var operation in command.Operations)
        {
            if (!Join(operation, ref slot))
            {
                return false;
            }
        }

        return true;
    }

    private static bool Join(ReadOnlySpan<byte> key, ref int slot)
    {
        var own = HashSlot.Of(key);
        if (slot < 0)
        {
            slot = own;
        }

        return own == slot;
    }
}
