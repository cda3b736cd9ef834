using Cluster.Node.Resp.Protocol;
using Cluster.Shared.Wire;

namespace Cluster.Node.Resp.Commands;

/// <summary>Lives of keys. A life is given to the store as a span or a point in time, and the leader's clock decides when it is over.</summary>
internal static class ExpiryCommands
{
    public static CommandCall Read(in RespArguments arguments, ReplyFormat format) =>
        CommandCall.ToStore(new KvCommand { Op = KvOp.Get, Key = arguments.Key(1) }, format);

    public static CommandCall Expire(RespSession session, in RespArguments arguments, string name, long unitMs, bool absolute)
    {
        var conditions = ExpiryConditions.None;
        for (var i = 3; i < arguments.Count; i++)
        {
            var condition = ConditionOf(arguments, i);
            if (condition == ExpiryConditions.None)
            {
                return CommandCall.Error("ERR Unsupported option " + arguments.Text(i));
            }

            conditions |= condition;
        }

        if (Incompatible(conditions) is { } error)
        {
            return CommandCall.Error(error);
        }

        if (!arguments.TryInteger(2, out var amount))
        {
            return CommandCall.Error(ErrorReplies.NotAnInteger);
        }

        // A time that is over already deletes the key, as in Redis; only a time that cannot be counted is an error.
        var now = session.Server.UnixMs;
        if (amount > (long.MaxValue - (absolute ? 0 : now)) / unitMs || amount < long.MinValue / unitMs)
        {
            return CommandCall.Error(ErrorReplies.InvalidExpiry(name));
        }

        var command = new KvCommand
        {
            Op = KvOp.Expire,
            Key = arguments.Key(1),
            Expiry = absolute ? KvExpiry.At : KvExpiry.After,
            ExpiryMs = amount * unitMs,
            Condition = ConditionOf(conditions),
        };
        return CommandCall.ToStore(command, ReplyFormats.Done);
    }

    private static ExpiryConditions ConditionOf(in RespArguments arguments, int index) =>
        arguments.Is(index, "NX"u8) ? ExpiryConditions.HasNone
        : arguments.Is(index, "XX"u8) ? ExpiryConditions.HasOne
        : arguments.Is(index, "GT"u8) ? ExpiryConditions.Later
        : arguments.Is(index, "LT"u8) ? ExpiryConditions.Sooner
        : ExpiryConditions.None;

    private static string? Incompatible(ExpiryConditions conditions)
    {
        if (conditions.HasFlag(ExpiryConditions.HasNone) && conditions != ExpiryConditions.HasNone)
        {
            return "ERR NX and XX, GT or LT options at the same time are not compatible";
        }

        return conditions.HasFlag(ExpiryConditions.Later | ExpiryConditions.Sooner) ? "ERR GT and LT options at the same time are not compatible" : null;
    }

    private static KvCondition ConditionOf(ExpiryConditions conditions) => conditions switch
    {
        ExpiryConditions.None => KvCondition.None,
        ExpiryConditions.HasNone => KvCondition.ExpiryAbsent,
        ExpiryConditions.HasOne => KvCondition.ExpiryPresent,
        ExpiryConditions.Sooner => KvCondition.ExpirySooner,
        ExpiryConditions.Sooner | ExpiryConditions.HasOne => KvCondition.ExpiryPresentSooner,
        _ => KvCondition.ExpiryLater, // There is none later than no expiry: GT says XX too.
    };

    public static CommandCall Persist(RespSession session, in RespArguments arguments) =>
        CommandCall.ToStore(new KvCommand { Op = KvOp.Persist, Key = arguments.Key(1) }, ReplyFormats.Number);

    /// <summary>What must hold of the life a key has now.</summary>
    [Flags]
    private enum ExpiryConditions
    {
        None = 0,
        HasNone = 1,
        HasOne = 2,
        Later = 4,
        Sooner = 8,
    }
}
