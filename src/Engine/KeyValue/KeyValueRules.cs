using System.Diagnostics.CodeAnalysis;
using Cluster.Shared.KeyValue;
using Cluster.Shared.Slots;
using Cluster.Shared.Wire;
using Google.Protobuf;

namespace Cluster.Engine.KeyValue;

/// <summary>What is wrong with a command whatever the state: bounds, unknown numbers, fields that its operation has no use for. Nothing of it reaches a log.</summary>
internal static class KeyValueRules
{
    /// <summary>Reads a command and checks it.</summary>
    /// <param name="refusal">The reply, if it is refused.</param>
    public static bool TryRead(ByteString bytes, [NotNullWhen(true)] out KvCommand? command, [NotNullWhen(false)] out KvReply? refusal)
    {
        try
        {
            command = KvCommand.Parser.ParseFrom(bytes.Span);
        }
        catch (InvalidProtocolBufferException broken)
        {
            command = null;
            refusal = Bad($"the bytes are not a key-value command: {broken.Message}");
            return false;
        }

        refusal = command.Op == KvOp.Batch ? KeyValueBatchRules.Violated(command) : Violated(command);
        return refusal is null;
    }

    /// <summary>What is wrong with a command that is no batch; null when nothing is.</summary>
    public static KvReply? Violated(KvCommand command) => TooLarge(command) ?? Malformed(command);

    public static KvReply Bad(string detail) => new() { Status = KvStatus.BadCommand, Detail = detail };

    /// <summary>A value that would grow past the bound.</summary>
    public static KvReply ValueTooLarge(long bytes) => TooLarge("value", bytes, KvLimits.MaxValueBytes);

    /// <summary>The deadline that a command asks for.</summary>
    /// <param name="old">The key's deadline before; 0 for none.</param>
    /// <returns>False when it lies past the end of time.</returns>
    public static bool TryDeadline(KvCommand command, long old, long nowUnixMs, out long deadline)
    {
        deadline = command.Expiry switch
        {
            KvExpiry.Keep => old,
            KvExpiry.At => command.ExpiryMs,
            KvExpiry.After => command.ExpiryMs,
            _ => 0,
        };
        if (command.Expiry != KvExpiry.After)
        {
            return true;
        }

        if (deadline > long.MaxValue - nowUnixMs)
        {
            return false;
        }

        deadline += nowUnixMs;
        return true;
    }

    private static KvReply? TooLarge(KvCommand command)
    {
        var longest = Math.Max(command.Key.Length, Math.Max(command.After.Length, command.Target.Length));
        if (longest > KvLimits.MaxKeyBytes)
        {
            return TooLarge("key", longest, KvLimits.MaxKeyBytes);
        }

        return command.Value.Length > KvLimits.MaxValueBytes || command.Expected.Length > KvLimits.MaxValueBytes
            ? ValueTooLarge(Math.Max(command.Value.Length, command.Expected.Length))
            : null;
    }

    private static KvReply TooLarge(string what, long bytes, int most) =>
        new() { Status = KvStatus.TooLarge, Detail = $"the {what} has {bytes} bytes, at most {most} are taken" };

    private static KvReply? Malformed(KvCommand command)
    {
        if (command.Condition is < KvCondition.None or > KvCondition.ExpiryPresentSooner || command.Expiry is < KvExpiry.None or > KvExpiry.At)
        {
            return Bad($"condition {(int)command.Condition} or expiry {(int)command.Expiry} is unknown");
        }

        if (command.HasSlot && (command.Slot >= HashSlot.Count || command.Op is not (KvOp.Scan or KvOp.Count)))
        {
            return Bad($"{command.Op} of slot {command.Slot}: only scans and counts are of one slot, from 0 to {HashSlot.Count - 1}");
        }

        if (command.Condition >= KvCondition.ExpiryAbsent && command.Op != KvOp.Expire)
        {
            return Bad($"condition {command.Condition} is for setting an expiry");
        }

        return command.Op switch
        {
            KvOp.Get or KvOp.GetRange or KvOp.Scan => Plain(command),
            KvOp.Count or KvOp.Clear or KvOp.RandomKey => command.Key.Length > 0 ? Bad($"{command.Op} takes no key") : Plain(command),
            KvOp.Put => command.Expiry is KvExpiry.After or KvExpiry.At && command.ExpiryMs < 1 ? Bad($"invalid expire time {command.ExpiryMs}: at least 1 ms is taken") : null,
            KvOp.Delete or KvOp.Persist => command.Expiry != KvExpiry.None ? Bad($"{command.Op} takes no expiry") : null,
            KvOp.Increment or KvOp.IncrementFloat or KvOp.Append => command.Expiry is KvExpiry.After or KvExpiry.At ? Bad($"{command.Op} keeps the expiry and takes none") : null,
            KvOp.SetRange => command.Start < 0 ? Bad("offset is out of range")
                : command.Start > KvLimits.MaxValueBytes && command.Value.Length > 0 ? ValueTooLarge(command.Start)
                : command.Expiry is KvExpiry.After or KvExpiry.At ? Bad("SetRange keeps the expiry and takes none")
                : null,
            KvOp.Expire => command.Expiry is KvExpiry.After or KvExpiry.At ? null : Bad("expire needs a time"),
            KvOp.Copy or KvOp.Rename => command.Condition is KvCondition.None or KvCondition.Absent && command.Expiry == KvExpiry.None
                ? null
                : Bad($"{command.Op} takes no condition but that its target is absent, and no expiry"),
            _ => Bad($"operation {(int)command.Op} is unknown"),
        };
    }

    private static KvReply? Plain(KvCommand command) => command.Condition == KvCondition.None && command.Expiry == KvExpiry.None
        ? null
        : Bad($"{command.Op} takes no condition and no expiry");
}
