using Cluster.Node.Resp.Protocol;
using Cluster.Shared.Wire;

namespace Cluster.Node.Resp.Commands;

/// <summary>Lives of keys. A life is given to the store as a span or a point in time, and the leader's clock decides when it is over.</summary>
internal static class ExpiryCommands
{
    /// <summary>Attempts at a conditional expiry while others keep writing to the key.</summary>
    private const int MaxAttempts = 64;

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

        var ms = amount * unitMs;
        var over = absolute ? ms <= now : ms <= 0;
        var key = arguments.Key(1);
        var command = over
            ? new KvCommand { Op = KvOp.Delete, Key = key }
            : new KvCommand { Op = KvOp.Expire, Key = key, Expiry = absolute ? KvExpiry.At : KvExpiry.After, ExpiryMs = ms };
        if (conditions == ExpiryConditions.None)
        {
            return CommandCall.ToStore(command, ReplyFormats.Done);
        }

        var at = absolute ? ms : Math.Max(now + ms, 1);
        return CommandCall.Later(cancellation => ExpireIfAsync(session, command, at, conditions, cancellation));
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

    /// <summary>Looks, decides, and writes only if the key is still the one looked at; so the whole is atomic though the store knows no such condition.</summary>
    private static async Task<RespValue> ExpireIfAsync(RespSession session, KvCommand command, long at, ExpiryConditions conditions, CancellationToken cancellation)
    {
        for (var attempt = 0; attempt < MaxAttempts; attempt++)
        {
            var seen = await session.ExecuteAsync(new KvCommand { Op = KvOp.Get, Key = command.Key }, ReadConsistency.Linearizable, cancellation).ConfigureAwait(false);
            if (seen.Error is { } unread)
            {
                return RespValue.Error(ErrorReplies.For(unread));
            }

            if (seen.Reply!.Status != KvStatus.Ok || !Holds(conditions, seen.Reply.ExpiresAtMs, at))
            {
                return RespValue.Integer(0);
            }

            var guarded = command.Clone();
            guarded.Condition = KvCondition.Revision;
            guarded.Revision = seen.Reply.Revision;
            var written = await session.ExecuteAsync(guarded, ReadConsistency.Linearizable, cancellation).ConfigureAwait(false);
            if (written.Error is { } unwritten)
            {
                return RespValue.Error(ErrorReplies.For(unwritten));
            }

            if (written.Reply!.Status != KvStatus.ConditionFailed)
            {
                return ErrorReplies.For(written.Reply) is { } error ? RespValue.Error(error) : RespValue.Integer(written.Reply.Status == KvStatus.Ok ? 1 : 0);
            }
        }

        return RespValue.Error($"BUSY the key changed {MaxAttempts} times while its expiry was being decided; try again");
    }

    private static bool Holds(ExpiryConditions conditions, long current, long at) => !(
        (conditions.HasFlag(ExpiryConditions.HasNone) && current != 0)
        || (conditions.HasFlag(ExpiryConditions.HasOne) && current == 0)
        || (conditions.HasFlag(ExpiryConditions.Later) && (current == 0 || at <= current))
        || (conditions.HasFlag(ExpiryConditions.Sooner) && current != 0 && at >= current));

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
